import { asCsv, cells, csvRows, download, expect, expectNear, hashOf, percent, share, test } from "./derisk";

test("the game on the page is what derisk play prints, and its file plays it", async ({ open, page, derisk }) => {
  await open("panel=play");
  await expect(page.locator(".verdict")).toBeVisible();
  const file = derisk.file("game.yaml", (await download(page, "The game (YAML)")).text);
  const { rows } = derisk.table("play", "sample.world", file);
  expect(csvRows((await download(page, "The outcome (CSV)")).text)).toEqual(rows);
  const shown = [...(await cells(page.locator(".outcome table"))).values()];
  expect(shown.map((row) => [row[1], row[3]])).toEqual(
    rows.map((row) => [
      percent(row["welfare"] as number).replace("-", "−"),
      `${(row["regret"] as number).toFixed(4)}%`,
    ]),
  );
  const rates = derisk.table("play", "sample.world", file, "--table", "settings").rows;
  expect(csvRows((await download(page, "The rates (CSV)")).text)).toEqual(rates);
  const shownRates = [...(await cells(page.locator(".rates table"))).values()];
  expect(shownRates.map((row) => row[2])).toEqual(rates.map((row) => share((row["rate"] as number) / 100)));
  expect(csvRows((await download(page, "Gains and losses (CSV)")).text)).toEqual(
    derisk.table("play", "sample.world", file, "--table", "regions").rows,
  );
});

test("players, instruments and aims are chosen by hand and by keyboard", async ({ open, page, derisk }) => {
  await open("panel=play");
  await expect(page.locator(".verdict")).toBeVisible();
  await page.getByLabel("Kind of play").selectOption({ label: "Best response" });
  await page.getByLabel("Responding player").selectOption({ label: "China" });
  const china = page.getByRole("listitem", { name: "Player 2" });
  await china.getByRole("checkbox", { name: "Export tax" }).focus();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Add a player" }).click();
  const third = page.getByRole("listitem", { name: "Player 3" });
  const box = third.getByRole("combobox", { name: "Player 3" });
  await box.fill("Japan");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await expect(page.locator(".outcome")).toContainText("best response");
  await expect(page.locator(".outcome tbody tr")).toHaveCount(3);
  const text = (await download(page, "The game (YAML)")).text;
  expect(text).toContain("player: JPN");
  expect(text).toContain("export-tax:");
  const { rows } = derisk.table("play", "sample.world", derisk.file("chosen.yaml", text));
  expect(csvRows((await download(page, "The outcome (CSV)")).text)).toEqual(asCsv(rows));
  await page.getByRole("button", { name: "Remove player 3" }).click();
  await expect(page.locator(".outcome")).toContainText("for earlier choices");
});

test("quotas and taxes inland are played, and taken to Levers they do the same", async ({ open, page, derisk }) => {
  const players = [
    {
      player: "EU",
      quota: { on: "CHN", sectors: ["mining"], uniform: true },
      "use-tax": { sectors: ["electrical-optical"], uniform: true },
    },
    { player: "CHN", "production-tax": { sectors: ["electrical-optical"], uniform: true } },
  ];
  await open(hashOf({ panel: "play", "play.players": players }));
  await expect(page.locator(".verdict")).toBeVisible();
  const [eu, china] = [1, 2].map((at) => page.getByRole("listitem", { name: `Player ${at}` }));
  await expect(eu!.getByRole("checkbox", { name: "Tax on use" })).toBeChecked();
  await expect(china!.getByRole("checkbox", { name: "Tax on production" })).toBeChecked();
  const text = (await download(page, "The game (YAML)")).text;
  expect(text).toContain("use-tax:");
  const file = derisk.file("inland.yaml", text);
  const { rows } = derisk.table("play", "sample.world", file);
  expectNear(csvRows((await download(page, "The outcome (CSV)")).text), asCsv(rows));
  const rates = await page.locator(".rates tbody td:nth-child(2)").allInnerTexts();
  expect(rates).toEqual(["quota on China", "use tax", "production tax"]);
  await page.getByRole("button", { name: "Take to Levers" }).click();
  await expect(page.locator(".where .answer")).toContainText("European Union");
  const scenario = derisk.file("taken.yaml", (await download(page, "Scenario (YAML)")).text);
  const after = derisk.table("simulate", "sample.world", scenario, "--table", "regions").rows;
  for (const { player, welfare } of rows) {
    const found = after.find(({ region }) => region === player)!;
    expect(Math.abs((found["welfare"] as number) - (welfare as number))).toBeLessThan(1e-4);
  }
});

test("best responses cross where the game ends", async ({ open, page, derisk }) => {
  await open("panel=play");
  await page.getByRole("button", { name: "Compute best responses" }).click();
  await expect(page.locator("svg[data-picture=best-responses]")).toBeVisible();
  const alone = derisk.file(
    "alone.yaml",
    "play: best-response\nresponds: EU\nplayers:\n" +
      "  - player: EU\n    tariff: {on: CHN, uniform: true}\n  - player: CHN\n    tariff: {on: EU, uniform: true}\n",
  );
  const rate = derisk.table("play", "sample.world", alone, "--table", "settings").rows[0]!["rate"] as number;
  const shown = [...(await cells(page.locator(".responses table"))).values()][0]!;
  expect(shown[2]).toBe(share(rate / 100));
});

const TRIALS: [string, string][] = [
  ["stackelberg", "leader and follower"],
  ["coercion", "withhold"],
  ["coalition", "Coalition partners"],
  ["delay", "keeping its share"],
];
for (const [kind, title] of TRIALS) {
  test(`${kind}: the page and the program agree`, async ({ open, page, derisk }) => {
    const trial = {
      sectors: ["textiles-leather", "electrical-optical", "machinery"],
      partners: ["USA", "JPN"],
      tariff: "25%",
      caps: "35%, 20%",
      "at-least": "18%",
    };
    await open(hashOf({ panel: "play", "play.kind": kind, "play.trial": trial }));
    await expect(page.locator(".outcome")).toContainText(title);
    const file = derisk.file(`${kind}.yaml`, (await download(page, "The game (YAML)")).text);
    const { rows } = derisk.table("play", "sample.world", file);
    expect(csvRows((await download(page, "The outcome (CSV)")).text)).toEqual(rows);
    await expect(page.locator("svg[data-picture=game]")).toBeVisible();
  });
}

test("delay: columns are headed for what they are, years in order, a cost in the colour of a loss", async ({
  open,
  page,
}) => {
  await open(hashOf({ panel: "play", "play.kind": "delay" }));
  await expect(page.locator(".outcome tbody tr").first()).toBeVisible();
  expect(await page.locator(".outcome thead th").allInnerTexts()).toEqual([
    "Year",
    "Cap",
    "Share without subsidies",
    "Share kept",
    "Price cut",
    "Subsidies",
    "Cost to China",
    "Cost to China, in money",
    "The EU gains",
  ]);
  const names = await page
    .locator("svg[data-picture=game] text")
    .evaluateAll((all) => all.map((text) => text.textContent ?? "").filter((text) => text.startsWith("Year")));
  expect(names).toEqual([...names].sort());
  expect(names.length).toBeGreaterThan(2);
  const numbers = await page
    .locator("svg[data-picture=game] text")
    .evaluateAll((all) =>
      all.map((text) => text.textContent ?? "").filter((text) => text.endsWith("%") && !text.startsWith("Year")),
    );
  expect(numbers.join()).not.toMatch(/[+\u2212]/);
  const fills = await page
    .locator("svg[data-picture=game] rect")
    .evaluateAll((all) => [...new Set(all.map((bar) => bar.getAttribute("fill")))]);
  expect(fills).toEqual(["var(--loss)"]);
});

test("coalition: no two columns share a heading, and bars that differ have numbers that differ", async ({
  open,
  page,
}) => {
  await open(hashOf({ panel: "play", "play.kind": "coalition" }));
  await expect(page.locator(".outcome tbody tr").first()).toBeVisible();
  const heads = await page.locator(".outcome thead th").allInnerTexts();
  expect(new Set(heads).size).toBe(heads.length);
  expect(heads.join()).toContain("China, if it joins alone");
  const numbers = await page
    .locator("svg[data-picture=game] text")
    .evaluateAll((all) => all.map((text) => text.textContent ?? "").filter((text) => text.endsWith("%")));
  expect(numbers.filter((text) => /[1-9]/.test(text)).length).toBeGreaterThan(1);
});

test("titles and pictures have names, not codes", async ({ open, page }) => {
  await open(hashOf({ panel: "play", "play.kind": "coercion" }));
  await expect(page.locator(".outcome tbody tr").first()).toBeVisible();
  await expect(page.locator(".outcome h2")).not.toContainText(/\b(EU|CHN)\b/);
  expect((await page.locator("svg[data-picture=game] text").allInnerTexts()).join()).not.toContain(
    "electrical-optical",
  );
});
