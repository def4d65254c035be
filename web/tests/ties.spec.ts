import {
  asCsv,
  cells,
  csvRows,
  download,
  expect,
  hashOf,
  numberOf,
  percent,
  SAMPLE,
  share,
  test,
  whole,
} from "./derisk";

test("the tie on the page is what derisk exposure prints", async ({ open, page, derisk }) => {
  await open("panel=ties");
  await expect(page.locator(".tie tbody tr").first()).toBeVisible();
  const { rows } = derisk.table("exposure", "sample.world", "EU", "--to", "CHN");
  expect(csvRows((await download(page, "Trade by sector (CSV)")).text)).toEqual(
    rows.map((row) =>
      expect.objectContaining({
        sector: row["sector"],
        imports_from: row["imports_from"],
        share_of_imports: row["share_of_imports"],
      }),
    ),
  );
  const shown = [...(await cells(page.locator(".tie table"))).values()];
  expect(shown[0]!.slice(0, 2)).toEqual([
    whole(rows[0]!["imports_from"] as number),
    share(rows[0]!["share_of_imports"] as number),
  ]);
});

test("value added and look-through, and the balance, are the program's", async ({ open, page, derisk }) => {
  await open("panel=ties");
  await page.getByText("Value added", { exact: true }).first().click();
  const added = derisk.table("balance", "sample.world", "EU", "CHN", "--by", "sector", "--value-added").rows;
  await expect(page.locator(".tie thead")).toContainText("Value-added");
  expect(csvRows((await download(page, "The balance (CSV)")).text)).toEqual(added);
  await page.getByText("Look-through", { exact: true }).first().click();
  await expect(page.locator(".tie thead")).toContainText("Indirect share of upstream output");
  const hidden = derisk.table("exposure", "sample.world", "EU", "--to", "CHN", "--hidden").rows;
  expect(csvRows((await download(page, "Trade by sector (CSV)")).text)).toEqual(hidden);
  const china = derisk
    .table("exposure", "sample.world", "EU", "--hidden")
    .rows.find((row) => row["supplier"] === "CHN")!;
  await expect(page.locator(".headline")).toContainText(share(china["total_share_of_upstream_output"] as number));
});

test("a partner is chosen on the map, by typing, by keyboard, and on a flow", async ({ open, page }) => {
  await open("panel=ties");
  await expect(page.locator(".tie h2")).toContainText("source:"); /* the map has come to its place */
  await page.locator("#map-USA").click({ force: true });
  await expect(page.locator(".tie h2")).toContainText("United States");
  const partner = page.getByRole("combobox", { name: "Partner" });
  await partner.fill("jap");
  await partner.press("Enter");
  await expect(page.locator(".tie h2")).toContainText("Japan");
  await page.locator("svg[data-picture=map]").focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(page.locator(".tie h2")).not.toContainText("Japan");
  const flow = page.locator(".flows [role=button]").first();
  await flow.focus();
  await page.keyboard.press("Enter");
  await expect(page.locator(".flows .told")).not.toBeEmpty();
});

test("the flows between economies are those of derisk ties", async ({ open, page, derisk }) => {
  await open(hashOf({ panel: "ties", of: "USA", to: "CHN", others: ["JPN"] }));
  const label = (await page.getByRole("button", { name: /^China to United States/ }).getAttribute("aria-label"))!;
  const row = derisk
    .table("ties", "sample.world")
    .rows.find((found) => found["exporter"] === "CHN" && found["importer"] === "USA")!;
  expect(numberOf(label.match(/: ([\d,]+)/)![1]!)).toBe(Math.round(row["value"] as number));
});

test("a world of two years has the gap over time, and the year can be chosen", async ({ page, derisk }) => {
  for (const year of ["2010", "2011"] /* the same table twice */)
    derisk.run(
      "import",
      "icio",
      `${SAMPLE}/sample_2011.csv.gz`,
      "--year",
      year,
      "--sectors",
      `${SAMPLE}/sample_sectors.csv`,
      "--regions",
      `${SAMPLE}/sample_regions.csv`,
      "--to",
      "two.world",
      "--quiet",
    );
  const { url, stop } = await derisk.serve("two.world");
  await page.goto(`${url}#panel=ties`);
  await expect(page.locator("svg[data-picture=balance] rect")).toHaveCount(2);
  expect(csvRows((await download(page, "The balance (CSV)")).text)).toEqual(
    derisk.table("balance", "two.world", "EU", "CHN", "--by", "year").rows,
  );
  await page.locator(".year select").selectOption("2010");
  await expect(page.locator(".headline")).toContainText("2010");
  await expect(page).toHaveURL(/year=2010/);
  await page.getByRole("tab", { name: "Levers" }).click();
  await expect(page.locator(".ranking li").first()).toBeVisible();
  expect((await download(page, "Scenario (YAML)")).text).toContain("year: 2010");
  await page.close();
  await stop();
});

test("look-through colours countries alone: the sum of all is not in the scale and cannot be chosen", async ({
  open,
  page,
  derisk,
}) => {
  await open(hashOf({ panel: "ties", "ties.measure": "look-through" }));
  const { rows, sums } = derisk.table("exposure", "sample.world", "EU", "--hidden");
  const single = rows.filter((_, i) => !sums.total.includes(i));
  const [most, least] = [single[0]!, single.at(-1)!];
  const largest = single
    .filter((row) => row["supplier"] !== "ROW")
    .reduce((best, row) => Math.max(best, row["total_share_of_upstream_output"] as number), 0);
  await expect(page.locator(".map .scale li").nth(4)).toHaveText(share(largest));
  const china = page.locator("#map-CHN");
  const strength = Math.sqrt(
    (single.find((row) => row["supplier"] === "CHN")!["total_share_of_upstream_output"] as number) / largest,
  );
  await expect(china).toHaveAttribute("fill", new RegExp(`${(100 * strength).toFixed(1)}%`));
  const map = page.locator("svg[data-picture=map]");
  await map.focus();
  for (let i = 0; i < single.length + 3; i++) await page.keyboard.press("ArrowLeft");
  await expect(map).toHaveAttribute("aria-activedescendant", `map-${most["supplier"]}`);
  for (let i = 0; i < single.length + 3; i++) await page.keyboard.press("ArrowRight");
  await expect(map).toHaveAttribute("aria-activedescendant", `map-${least["supplier"]}`);
  await page.keyboard.press("Enter");
  await expect(page.locator(".headline")).toContainText(share(least["total_share_of_upstream_output"] as number));
  await expect(page.locator(".headline")).not.toContainText(" in all,");
});

test("after the levers all four cards are of the answer, and say so", async ({ open, page, derisk }) => {
  const scenario = { changes: [{ tariff: { by: "EU", on: "CHN", sectors: ["electrical-optical"], rate: "40%" } }] };
  await open(hashOf({ panel: "ties", "ties.after": true, scenario }));
  const tariff = ["simulate", "sample.world", "--tariff", "EU:CHN:electrical-optical:40%"];
  const { rows } = derisk.table(...tariff, "--tie", "EU:CHN");
  const shown = await cells(page.locator(".tie table"));
  expect([...shown.values()].map((row) => row.slice(0, 3))).toEqual(
    rows.map((row) => [
      whole(row["imports_from"] as number),
      whole(row["imports_from_new"] as number),
      row["imports_from_change"] === null ? "" : percent(row["imports_from_change"] as number),
    ]),
  );
  const all = rows.at(-1)!;
  await expect(page.locator(".headline")).toContainText(
    `${whole(all["imports_from"] as number)} before, ${whole(all["imports_from_new"] as number)} after`,
  );
  await expect(page.locator(".tie h2")).toContainText("before and after the levers");
  await expect(page.locator(".gap h2")).toContainText("after the levers; dots: before");
  await expect(page.locator(".streams h2")).toContainText("after the levers");
  await expect(page.locator("svg[data-picture=balance]")).toHaveAttribute("aria-label", /after the levers/);
  expect(csvRows((await download(page, "Trade by sector (CSV)")).text)).toEqual(asCsv(rows));
  await page.getByText("Base", { exact: true }).click();
  await expect(page.locator(".tie h2")).not.toContainText("after");
  await expect(page.locator(".tie thead")).toContainText("Share of imports");
});
