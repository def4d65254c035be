/* The frame, and what holds for every panel. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Page } from "@playwright/test";
import { download, expect, hashOf, test, violations } from "./derisk";
import { rowsOfParquet, rowsOfSheet } from "./readers";

/* Each panel with what shows that it is drawn. */
const PANELS: [name: string, drawn: string][] = [
  ["start", ".story .facts"],
  ["ties", ".tie tbody tr"],
  ["levers", ".ranking li"],
  ["plan", ".facts"],
  ["play", ".verdict li"],
  ["sure", ".bands svg"],
];

const drawn = async (page: Page, selector: string) => await expect(page.locator(selector).first()).toBeVisible();

for (const scheme of ["light", "dark"] as const) {
  test(`axe finds nothing wrong with any panel, ${scheme}`, async ({ open, page }) => {
    await page.emulateMedia({ colorScheme: scheme });
    for (const [panel, selector] of PANELS) {
      await open(`panel=${panel}`);
      await drawn(page, selector);
      expect(await violations(page), panel).toEqual([]);
    }
  });
}

test("a laptop shows each panel without scrolling the page", async ({ open, page }) => {
  for (const [panel, selector] of PANELS) {
    await open(`panel=${panel}`);
    await drawn(page, selector);
    const size = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.documentElement.scrollHeight,
    ]);
    expect(size, panel).toEqual([1440, 900]);
  }
});

test("a phone shows each panel in one column", async ({ open, page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const [panel, selector] of PANELS) {
    await open(`panel=${panel}`);
    // an answer that arrives replaces what is there
    await expect(() => page.locator(selector).first().scrollIntoViewIfNeeded({ timeout: 1000 })).toPass();
    await drawn(page, selector);
    const wide = await page.evaluate(
      () =>
        [...document.querySelectorAll("main .card")].filter((card) => card.getBoundingClientRect().right > innerWidth)
          .length,
    );
    expect([await page.evaluate(() => document.documentElement.scrollWidth), wide], panel).toEqual([390, 0]);
  }
  await page.getByRole("tab", { name: "Ties" }).click();
  await drawn(page, ".tie");
});

/* Phones upright and sideways, a laptop at 200% and at 150%, tablets, a large screen. */
for (const [width, height] of [
  [320, 640],
  [740, 360],
  [720, 450],
  [800, 600],
  [960, 600],
  [1024, 768],
  [2560, 1300],
] as const)
  test(`nothing is out of sight or covered at ${width} x ${height}`, async ({ open, page }) => {
    await page.setViewportSize({ width, height });
    await open("panel=levers");
    await drawn(page, ".ranking li");
    const outside = await page.evaluate(() =>
      [...document.querySelectorAll(".bar button, .bar select, .bar summary, .bar a, .card")]
        .filter((one) => one.getClientRects().length > 0)
        .filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5)
        .map((one) => one.outerHTML.slice(0, 80)),
    );
    expect(outside).toEqual([]);
    const slider = page.getByRole("slider", { name: "Rate" });
    await slider.focus();
    await slider.scrollIntoViewIfNeeded();
    const isSeen = await slider.evaluate((one) => {
      const { left, top, width: w, height: h } = one.getBoundingClientRect();
      return document.elementFromPoint(left + w / 2, top + h / 2) === one;
    });
    expect(isSeen).toBe(true);
  });

for (const [width, height] of [
  [320, 640],
  [768, 1024],
  [1024, 768],
  [2560, 1300],
] as const)
  test(`no control sticks out of its card at ${width} x ${height}`, async ({ open, page }) => {
    await page.setViewportSize({ width, height });
    for (const [panel, selector] of PANELS) {
      await open(`panel=${panel}`);
      await page.locator(selector).first().waitFor();
      const outside = await page.evaluate(() =>
        [...document.querySelectorAll("main .card :is(button, select, input, .segments label)")]
          .filter((one) => one.getClientRects().length > 0 && !one.closest(".results, .ranking, .unseen"))
          .filter((one) => {
            const card = one.closest(".card")!.getBoundingClientRect();
            const { left, right } = one.getBoundingClientRect();
            return right > Math.min(card.right, innerWidth) + 0.5 || left < card.left - 0.5;
          })
          .map((one) => one.outerHTML.slice(0, 120)),
      );
      expect(outside, panel).toEqual([]);
    }
  });

test("with the reader's own colours what is chosen can be seen, and axe finds nothing wrong", async ({
  open,
  page,
}) => {
  await page.emulateMedia({ forcedColors: "active" });
  await open("panel=levers");
  await drawn(page, ".ranking li");
  const tab = page.getByRole("tab", { name: "Levers" });
  expect(await tab.evaluate((one) => getComputedStyle(one).outlineStyle)).toBe("solid");
  const map = page.locator("svg[data-picture=answer]");
  expect(await map.evaluate((one) => getComputedStyle(one).forcedColorAdjust)).toBe("none");
  expect(await violations(page)).toEqual([]);
});

test.describe("a finger", () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });
  test("chooses on the map, moves a lever, and opens an explanation", async ({ open, page }) => {
    await open("panel=levers");
    await drawn(page, ".ranking li");
    await page.locator("#map-CHN").tap({ force: true });
    await expect(page.locator(".sectors h2")).toContainText("China");
    const slider = page.getByRole("slider", { name: "Rate" });
    await slider.evaluate((one) => one.scrollIntoView({ block: "nearest" }));
    const box = (await slider.boundingBox())!;
    await page.touchscreen.tap(box.x + 0.75 * box.width, box.y + box.height / 2);
    await expect.poll(async () => Number(await slider.inputValue())).toBeGreaterThan(60);
    await page.getByRole("button", { name: "What “horizon” means" }).first().tap();
    await expect(page.getByRole("dialog", { name: "Explanation" })).toContainText("horizon: ");
  });
});

test("on paper nothing that only a screen needs, and the whole ranking", async ({ open, page }) => {
  await open("panel=levers");
  await drawn(page, ".ranking li");
  await page.emulateMedia({ media: "print" });
  await expect(page.getByRole("tablist")).toBeHidden();
  const cut = await page
    .locator(".ranking, .sectors .results")
    .evaluateAll((all) => all.filter((one) => one.scrollHeight > one.clientHeight + 2).length);
  expect(cut).toBe(0);
});

test.describe("a reader of German", () => {
  test.use({ locale: "de-DE" });
  test("has the figures in the notation of the reader's locale, files not", async ({ open, page, derisk }) => {
    await open("panel=levers");
    await drawn(page, ".ranking li");
    const rows = derisk.table(
      "simulate",
      "sample.world",
      "--tariff",
      "EU:CHN:electrical-optical,transport-equipment:25%",
    ).rows;
    const china = rows.find((row) => row["region"] === "CHN")!["welfare"] as number;
    const wanted = `${china.toFixed(2)}%`.replace(".", ",").replace("-", "−");
    await expect(page.locator(".ranking").getByRole("button", { name: /^China/ })).toContainText(wanted);
    await expect(page.locator(".headline")).toContainText(/\d,\d+ (?:billion|million) US dollars/);
    expect((await download(page, "Economies (CSV)")).text).toContain(String(china));
    await page.getByRole("tab", { name: "Ties" }).click();
    await expect(page.locator(".headline")).toContainText(/\d\.\d{3} million/);
    await page.getByRole("tab", { name: "Start" }).click();
    await expect(page.locator(".story")).toContainText(/loses \d+,\d+ [mb]illion US dollars.*\(0,\d+%\)/);
  });
});

test("tabs by keyboard, and the address holds the panel", async ({ open, page }) => {
  await open("panel=ties");
  await page.getByRole("tab", { name: "Ties" }).focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: "Levers" })).toBeFocused();
  await expect(page).toHaveURL(/panel=levers/);
});

test("a shared link opens to the same picture", async ({ open, page, context, derisk }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: new URL(derisk.url).origin });
  const choices = {
    panel: "plan",
    of: "USA",
    to: "CHN",
    "plan.cap": 0.25,
    "plan.sectors": ["textiles-leather", "machinery"],
    "plan.caps": { machinery: 0.15 },
    scenario: {
      horizon: "medium",
      changes: [{ tariff: { by: "USA", on: "CHN", sectors: ["machinery"], rate: "40%" } }],
    },
    "play.kind": "stackelberg",
  };
  await open(hashOf(choices));
  await drawn(page, ".facts");
  const before = await page.locator(".planned").innerText();
  await page.getByRole("button", { name: "Share" }).click();
  await expect(page.getByText("Link copied")).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.goto("about:blank");
  await page.goto(link);
  await drawn(page, ".facts");
  expect(await page.locator(".planned").innerText()).toBe(before);
  await page.getByRole("tab", { name: "Levers" }).click();
  await expect(page.getByRole("slider", { name: "Rate" })).toHaveValue("40");
  await page.getByRole("tab", { name: "Play" }).click();
  await expect(page.getByLabel("Kind of play")).toHaveValue("stackelberg");
});

test("pictures come as SVG that stands alone, and as PNG", async ({ open, page }) => {
  const pictures: [string, string, RegExp][] = [
    ["ties", ".tie tbody tr", /Share of each.*\(SVG\)/],
    ["plan", ".gains svg", /Gains and losses.*\(SVG\)/],
    ["sure", ".bands svg", /Welfare with its band \(SVG\)/],
  ];
  for (const [panel, selector, label] of pictures) {
    await open(hashOf({ panel, "sure.draws": 20 }));
    await drawn(page, selector);
    const svg = (await download(page, label)).text;
    expect(svg).toMatch(/^<svg[^>]+xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(svg).not.toMatch(/var\(--|<style|(?:href|src)=|url\(/);
    const png = (await download(page, new RegExp(label.source.replace("SVG", "PNG")))).bytes;
    expect(png.subarray(1, 4).toString()).toBe("PNG");
    expect(png.length).toBeGreaterThan(2000);
  }
});

test("a picture says what it answers, with the band, the model, the source, the command and the link", async ({
  open,
  page,
  derisk,
}) => {
  const tariff = { by: "EU", on: "CHN", sectors: ["machinery"], rate: "17.4%" };
  await open(hashOf({ panel: "levers", scenario: { horizon: "short", changes: [{ tariff }] } }));
  await expect(page.locator(".headline .band").first()).toBeVisible();
  const { name, text } = await download(page, /Welfare, change in percent.*\(SVG\)/);
  expect(name).toBe("tariff-of-european-union-on-china-17-4-machinery-n-e-c-answer-2011.svg");
  const seen = await page.evaluate((svg) => {
    const picture = new DOMParser().parseFromString(svg, "image/svg+xml");
    return [...picture.querySelectorAll("svg > text")].map((line) => line.textContent ?? "");
  }, text);
  const whole = seen.join(" ");
  const eu = derisk
    .table("simulate", "sample.world", "--tariff", "EU:CHN:machinery:17.4%", "--horizon", "short")
    .rows.find((row) => row["region"] === "EU")!;
  for (const part of [
    "Tariff of European Union on China 17.4%",
    `European Union: welfare +${(eu["welfare"] as number).toPrecision(3)}%`,
    "90% band",
    "Model: horizon short",
    "data of 2011, million US dollars",
    "CC BY 4.0",
    "derisk simulate sample.world scenario.yaml",
    "Link: http://127.0.0.1",
  ])
    expect(whole).toContain(part);
  expect(Math.max(...seen.map((line) => line.length))).toBeLessThan(200);
});

test("the answer is copied as a sentence, and as a table", async ({ open, page, context, derisk }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: new URL(derisk.url).origin });
  await open("panel=levers");
  await expect(page.locator(".headline .band").first()).toBeVisible();
  const copied = async (label: string) => {
    await page.getByText("Download", { exact: true }).click();
    await page.getByRole("button", { name: label }).click();
    await expect(page.getByText("Copied")).toBeVisible();
    await expect(page.getByText("Copied")).toHaveCount(0);
    return page.evaluate(() => navigator.clipboard.readText());
  };
  const sentence = await copied("Copy the answer as a sentence");
  expect(sentence).toMatch(/^Tariff of European Union on China 25%: .*European Union: welfare .*90% band/);
  const [head, ...lines] = (await copied("Copy the first table")).split("\n");
  const { rows } = derisk.table(
    "simulate",
    "sample.world",
    "--tariff",
    "EU:CHN:electrical-optical,transport-equipment:25%",
  );
  expect(head!.split("\t")).toEqual(Object.keys(rows[0]!));
  expect(lines.map((line) => Number(line.split("\t")[1]))).toEqual(rows.map((row) => row["welfare"]));
});

test("tables are had as a spreadsheet and as Parquet, with all digits", async ({ open, page, derisk }) => {
  await open("panel=levers");
  await drawn(page, ".ranking li");
  const tariff = "EU:CHN:electrical-optical,transport-equipment:25%";
  const { rows } = derisk.table("simulate", "sample.world", "--tariff", tariff);
  const parquet = await download(page, "Economies (Parquet)");
  expect(parquet.name).toBe("regions.parquet");
  expect(rowsOfParquet(parquet.bytes)).toEqual(rows);
  const sheet = await download(page, "Economies (spreadsheet)");
  expect(sheet.name).toBe("regions.xlsx");
  expect(rowsOfSheet(sheet.bytes)).toEqual(rows);
});

test("light and dark by the button, kept over a reload", async ({ open, page }) => {
  await open("panel=ties");
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await page.getByRole("button", { name: /^Colours/ }).click();
  await page.getByRole("button", { name: /^Colours/ }).click();
  await expect.poll(ground).not.toBe(light);
  await page.reload();
  await expect(page.getByRole("tablist")).toBeVisible();
  expect(await ground()).not.toBe(light);
});

test("without the server the page stays, and says in a line what is wrong", async ({ open, page, context }) => {
  await open("panel=ties");
  await drawn(page, ".tie tbody tr");
  page.removeAllListeners("console"); /* the browser tells of each request that has nowhere to go */
  await context.setOffline(true);
  await page.getByRole("tab", { name: "Plan" }).click();
  await expect(page.getByRole("alert")).toContainText("is derisk serve still running?");
  await context.setOffline(false);
  await page.getByRole("button", { name: "Plan it" }).click();
  await drawn(page, ".facts");
});

test("what failed while there was no server is asked again once there is one", async ({ open, page, context }) => {
  await open("panel=ties");
  await drawn(page, ".tie tbody tr");
  page.removeAllListeners("console");
  await context.setOffline(true);
  const partner = page.getByRole("combobox", { name: "Partner" });
  await partner.fill("jap");
  await partner.press("Enter");
  await expect(page.getByRole("alert").first()).toContainText("asks again");
  await expect(page.locator(".tie")).toHaveClass(/old/);
  await page.getByRole("tab", { name: "Plan" }).click();
  await expect(page.getByRole("alert").first()).toBeVisible();
  await context.setOffline(false);
  await drawn(page, ".facts");
  await expect(page.getByRole("alert")).toHaveCount(0);
});

/* DERISK_PAGE_PICTURE=$PWD/docs/page.jpg makes the picture of the documentation anew. */
test("the picture of the documentation is small", async ({ open, page }) => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await open("panel=levers");
  await drawn(page, ".ranking li");
  const path = process.env["DERISK_PAGE_PICTURE"];
  const picture = await page.screenshot({ type: "jpeg", quality: 75, ...(path ? { path } : {}) });
  expect(picture.length).toBeLessThan(150_000);
});

test("the glossary opens beside the page, at a term where a link names one", async ({ open, page }) => {
  await open("panel=ties");
  const opened = page.waitForEvent("popup");
  await page.getByRole("link", { name: "Glossary", exact: true }).click();
  const glossary = await opened;
  await expect(glossary).toHaveTitle("Glossary · derisk");
  await expect(glossary.getByRole("heading", { name: "welfare", exact: true })).toBeVisible();
  expect(await violations(glossary)).toEqual([]);
  await glossary.getByRole("link", { name: "upstream output" }).first().click();
  await expect(glossary.locator(":target")).toHaveText("upstream output");
});

test("a number and a control explain themselves, by mouse and by key", async ({ open, page }) => {
  await open("panel=plan");
  await drawn(page, ".facts");
  const box = page.getByRole("dialog", { name: "Explanation" });
  await page.getByRole("button", { name: "What “horizon” means" }).first().click();
  await expect(box).toContainText("horizon: ");
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await expect(box).toBeHidden();
  await page.getByRole("tab", { name: "Levers" }).click();
  await drawn(page, ".ranking li");
  const mark = page.getByRole("button", { name: "What “welfare” means" }).first();
  await mark.focus();
  await page.keyboard.press("Enter");
  await expect(box).toContainText("welfare: ");
  const inside = await box.evaluate((one) => {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    return left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
  });
  expect(inside).toBe(true);
  await expect(box.getByRole("link")).toHaveAttribute("href", "glossary.html#welfare");
});

/* A page of another site that shows `inside` in a frame: its origin, and what ends it. */
async function siteWith(inside: (origin: string) => Promise<string>): Promise<{ origin: string; end: () => void }> {
  let html = "";
  const site = createServer((_, answer) => answer.setHeader("Content-Type", "text/html").end(html));
  await new Promise<void>((done) => site.listen(0, "127.0.0.1", done));
  const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
  html = `<iframe src="${await inside(origin)}" width="800" height="620"></iframe>`;
  return { origin, end: () => site.close() };
}

test("a frame of a named site shows the answer alone, and leads to the page", async ({ page, derisk }) => {
  let server = { url: "", stop: async () => {} };
  const { origin, end } = await siteWith(async (site) => {
    server = await derisk.serve("sample.world", "--embed-hosts", site);
    return `${server.url}?embed#${hashOf({ panel: "levers" })}`;
  });
  derisk.hosts.add(new URL(origin).host);
  await page.goto(origin);
  const frame = page.frameLocator("iframe");
  await expect(frame.locator(".ranking li").first()).toBeVisible();
  await expect(frame.getByRole("tablist")).toHaveCount(0);
  await expect(frame.locator(".changes")).toBeHidden();
  await expect(frame.locator(".origin")).toContainText("Tariff of European Union on China 25%");
  await expect(frame.locator(".origin")).toContainText("Source: ");
  const link = frame.getByRole("link", { name: "Open in derisk" });
  await expect(link).toHaveAttribute("href", new RegExp(`^${server.url}#`));
  await page.goto("about:blank");
  await server.stop();
  end();
});

test("no other site may frame the page", async ({ page, derisk }) => {
  page.removeAllListeners("console"); /* the browser says that it refuses */
  const { origin, end } = await siteWith(async () => `${derisk.url}?embed`);
  derisk.hosts.add(new URL(origin).host);
  await page.goto(origin);
  await page.waitForTimeout(1000);
  await expect(page.frameLocator("iframe").locator("main")).toHaveCount(0);
  end();
});
