import { cells, csvRows, download, expect, hashOf, numberOf, SAMPLE, share, test, whole } from "./derisk";

test("the tie on the page is what derisk exposure prints", async ({ open, page, derisk }) => {
  await open("panel=ties");
  await expect(page.locator(".tie tbody tr").first()).toBeVisible();
  const { rows } = derisk.table("exposure", "sample.world", "EU", "--to", "CHN");
  expect(csvRows((await download(page, "The tie by sector (CSV)")).text)).toEqual(rows.map((row) => expect.objectContaining({ sector: row["sector"], imports_from: row["imports_from"], share_of_imports: row["share_of_imports"] })));
  const shown = [...(await cells(page.locator(".tie table"))).values()];
  expect(shown[0]!.slice(0, 2)).toEqual([whole(rows[0]!["imports_from"] as number), share(rows[0]!["share_of_imports"] as number)]);
});

test("value added and look-through, and the balance, are the program's", async ({ open, page, derisk }) => {
  await open("panel=ties");
  await page.getByText("Value added", { exact: true }).first().click();
  const added = derisk.table("balance", "sample.world", "EU", "CHN", "--by", "sector", "--value-added").rows;
  await expect(page.locator(".tie thead")).toContainText("Value-added");
  expect(csvRows((await download(page, "The balance (CSV)")).text)).toEqual(added);
  await page.getByText("Look-through", { exact: true }).first().click();
  await expect(page.locator(".tie thead")).toContainText("Look-through");
  const hidden = derisk.table("exposure", "sample.world", "EU", "--to", "CHN", "--hidden").rows;
  expect(csvRows((await download(page, "The tie by sector (CSV)")).text)).toEqual(hidden);
  const china = derisk.table("exposure", "sample.world", "EU", "--hidden").rows.find((row) => row["supplier"] === "CHN")!;
  await expect(page.locator(".headline")).toContainText(share(china["look_through"] as number));
});

test("a partner is chosen on the map, by typing, by keyboard, and on a flow", async ({ open, page }) => {
  await open("panel=ties");
  await page.locator("#map-USA").click({ force: true });
  await expect(page.locator(".tie h2")).toContainText("United States");
  const partner = page.getByRole("combobox", { name: "and its partner" });
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
  const row = derisk.table("ties", "sample.world").rows.find((found) => found["exporter"] === "CHN" && found["importer"] === "USA")!;
  expect(numberOf(label.match(/: ([\d,]+)/)![1]!)).toBe(Math.round(row["value"] as number));
});

test("a world of two years has the gap over time, and the year can be chosen", async ({ page, derisk }) => {
  for (const year of ["2010", "2011"]) /* the same table twice */
    derisk.run("import", "icio", `${SAMPLE}/sample_2011.csv.gz`, "--year", year, "--sectors", `${SAMPLE}/sample_sectors.csv`, "--regions", `${SAMPLE}/sample_regions.csv`, "--to", "two.world", "--quiet");
  const { url, stop } = await derisk.serve("two.world");
  await page.goto(`${url}#panel=ties`);
  await expect(page.locator("svg[data-picture=balance] rect")).toHaveCount(2);
  expect(csvRows((await download(page, "The balance (CSV)")).text)).toEqual(derisk.table("balance", "two.world", "EU", "CHN", "--by", "year").rows);
  await page.locator(".year select").selectOption("2010");
  await expect(page.locator(".headline")).toContainText("2010");
  await expect(page).toHaveURL(/year=2010/);
  await page.getByRole("tab", { name: "Levers" }).click();
  await expect(page.locator(".ranking li").first()).toBeVisible();
  expect((await download(page, "Scenario (YAML)")).text).toContain("year: 2010");
  await page.close();
  await stop();
});
