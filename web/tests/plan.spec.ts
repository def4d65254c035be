import { cells, csvRows, download, expect, expectNear, hashOf, numberOf, share, test, whole, type Row } from "./derisk";

const SECTORS = ["textiles-leather", "electrical-optical", "machinery"];
const OPTIONS = ["--sectors", SECTORS.join(",")];
const HASH = { panel: "plan", "plan.sectors": SECTORS };

test("the plan on the page is what derisk plan prints", async ({ open, page, derisk }) => {
  await open(hashOf(HASH));
  const { rows, plan } = derisk.table("plan", "sample.world", "EU", "--from", "CHN", "--cap", "20%", ...OPTIONS);
  const shown = await cells(page.locator(".planned table"));
  expect([...shown.values()].map((row) => [row[0], row[1], row[2], row[5], row[6]])).toEqual(
    rows.map((row) => [
      whole(row["imports"] as number),
      share(row["share"] as number),
      share(row["new_share"] as number),
      whole(row["shadow_price"] as number),
      share((row["tariff"] as number) / 100),
    ]),
  );
  await expect(page.locator(".facts")).toContainText(`${share(plan.share_before)} → ${share(plan.share)}`);
  await expect(page.locator(".facts")).toContainText(`${plan.cost.toFixed(4)}%`);
  await expect(page.locator(".facts")).toContainText(whole(plan.cost_value));

  const csv = csvRows((await download(page, "The plan by sector (CSV)")).text);
  expect(csv).toEqual(rows);
  const gains = csvRows((await download(page, "Gains and losses (CSV)")).text);
  expect(gains).toEqual(
    derisk.table("plan", "sample.world", "EU", "--from", "CHN", "--cap", "20%", ...OPTIONS, "--table", "regions").rows,
  );
});

test("a cap is moved by the keyboard, another is a sector's own", async ({ open, page, derisk }) => {
  await open(hashOf(HASH));
  await expect(page.locator(".facts")).toBeVisible();
  const slider = page.getByRole("slider", { name: /Cap on the share of/ });
  await slider.focus();
  for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
  await expect(page.locator(".planned")).toContainText("for earlier choices");
  await page.getByRole("spinbutton", { name: /Cap for Textiles/ }).fill("30");
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "Plan it" }).click();
  await expect(page.locator(".planned")).not.toContainText("for earlier choices");
  const caps = derisk.file("caps.csv", (await download(page, "The caps by sector (CSV)")).text);
  const { rows } = derisk.table("plan", "sample.world", "EU", "--from", "CHN", "--cap-file", caps);
  expect(rows.find((row) => row["sector"] === "textiles-leather")!["cap"]).toBe(0.3);
  expect(rows.find((row) => row["sector"] === "machinery")!["cap"]).toBe(0.25);
  expect(csvRows((await download(page, "The plan by sector (CSV)")).text)).toEqual(rows);
});

test("the frontier's handle chooses a plan, by hand and by keyboard", async ({ open, page, derisk }) => {
  const OPTIONS = ["--sectors", "electrical-optical"];
  await open(hashOf({ ...HASH, "plan.sectors": ["electrical-optical"] }));
  await page.getByRole("button", { name: "Draw the frontier" }).click();
  const handle = page.getByRole("slider", { name: "Cap on the share in each sector" });
  await expect(handle).toBeVisible();
  const { rows } = derisk.table("plan", "sample.world", "EU", "--from", "CHN", "--curve", ...OPTIONS);
  expect(csvRows((await download(page, "The frontier (CSV)")).text)).toEqual(rows);

  const planAt = (row: Row) =>
    derisk.table("plan", "sample.world", "EU", "--from", "CHN", "--cap", String(row["cap"]), ...OPTIONS);
  const isShown = async (row: Row) => {
    await expect(page.locator(".frontiers [role=status]")).toContainText(`Cap ${share(row["cap"] as number)}`);
    await expect(page.locator(".planned")).not.toContainText("for earlier choices");
    const shown = await cells(page.locator(".planned table"));
    expect([...shown.values()].map((cell) => cell[6])).toEqual(
      planAt(row).rows.map((found) => share((found["tariff"] as number) / 100)),
    );
  };
  const byCap = [...rows].sort((a, b) => (a["cap"] as number) - (b["cap"] as number));
  await handle.focus();
  await page.keyboard.press("Home");
  await isShown(byCap[0]!);
  await page.keyboard.press("ArrowRight");
  await isShown(byCap[1]!);

  const [box, picture] = [await handle.boundingBox(), await page.locator(".frontier").boundingBox()];
  await page.mouse.move(box!.x + 9, box!.y + 9);
  await page.mouse.down();
  await page.mouse.move(picture!.x + picture!.width / 2, box!.y, { steps: 5 });
  await page.mouse.up();
  const chosen = numberOf((await handle.getAttribute("aria-valuenow"))!);
  const there = byCap.reduce((best, row) =>
    Math.abs(100 * (row["cap"] as number) - chosen) < Math.abs(100 * (best["cap"] as number) - chosen) ? row : best,
  );
  expect(there).not.toBe(byCap[1]);
  await isShown(there);
});

test("the plan goes to Levers, and its file to derisk simulate", async ({ open, page, derisk }) => {
  await open(hashOf(HASH));
  await expect(page.locator(".facts")).toBeVisible();
  const file = derisk.file("plan.yaml", (await download(page, /The plan's tariffs as a scenario/)).text);
  const found = derisk.table("simulate", "sample.world", file).rows;
  const planned = derisk.table(
    "plan",
    "sample.world",
    "EU",
    "--from",
    "CHN",
    "--cap",
    "20%",
    ...OPTIONS,
    "--table",
    "regions",
  ).rows;
  for (const [i, row] of found.entries())
    expect(row["welfare"] as number).toBeCloseTo(planned[i]!["welfare"] as number, 8);
  await page.getByRole("button", { name: "Take to Levers" }).click();
  await expect(page.getByRole("tab", { name: "Levers" })).toHaveAttribute("aria-selected", "true");
  const eu = found.find((row) => row["region"] === "EU")!;
  await expect(page.locator(".headline")).toContainText(
    `${(eu["welfare"] as number).toPrecision(3)}%`.replace("-", "−"),
  );
});

test("other goals: what it may cost, a cut-off that is survived, insurance, look-through", async ({
  open,
  page,
  derisk,
}) => {
  const goals: [Record<string, unknown>, string[]][] = [
    [{ "plan.aim": "budget", "plan.budget": 0.0005 }, ["--budget", "0.05%"]],
    [{ "plan.aim": "max-loss", "plan.max-loss": 0.007 }, ["--max-loss", "0.7%"]],
    [{ "plan.aim": "risk", "plan.risk": 0.05, "plan.stock": 3 }, ["--risk", "5%", "--stock", "3"]],
    [{ "plan.cap": 0.06, "plan.share": "look-through" }, ["--cap", "6%", "--share", "look-through"]],
    [
      { "plan.levers": ["tariff", "others", "home"], "plan.share": "use" },
      ["--cap", "20%", "--share", "use", "--levers", "tariff,others,home"],
    ],
  ];
  for (const [choice, options] of goals) {
    await page.goto("about:blank"); /* so that the page is loaded anew */
    await open(hashOf({ ...HASH, ...choice }));
    await expect(page.locator(".facts")).toBeVisible();
    const { rows } = derisk.table("plan", "sample.world", "EU", "--from", "CHN", ...options, ...OPTIONS);
    expectNear(csvRows((await download(page, "The plan by sector (CSV)")).text), rows);
  }
});

test("a frontier that takes its time says how far it is, and can be cancelled", async ({ open, page }) => {
  await open("panel=plan");
  await expect(page.locator(".facts")).toBeVisible();
  await page.getByRole("button", { name: "Draw the frontier" }).click();
  await expect(page.locator(".frontiers progress")).toBeVisible();
  await expect(page.locator(".frontiers .progress")).toContainText(/\d+ of \d+/);
  await page.locator(".frontiers").getByRole("button", { name: "Cancel" }).click();
  await expect(page.locator(".frontiers progress")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Draw the frontier" })).toBeEnabled();
});
