import { cells, csvRows, download, expect, hashOf, percent, test } from "./derisk";

test("bands are those of derisk simulate --draws", async ({ open, page, derisk }) => {
  await open(hashOf({ panel: "sure", "sure.draws": 40, "sure.view": "table" }));
  await expect(page.locator(".bands tbody tr").first()).toBeVisible();
  const scenario = derisk.file("drawn.yaml", (await download(page, "Scenario (YAML)")).text);
  const { rows } = derisk.table("simulate", "sample.world", scenario, "--draws", "40", "--elasticity-error", "20%");
  expect(csvRows((await download(page, "The bands, every column (CSV)")).text)).toEqual(rows);
  const shown = [...(await cells(page.locator(".bands table"))).values()];
  expect(shown).toEqual(
    rows.map((row) =>
      ["welfare", "welfare_p5", "welfare_median", "welfare_p95"].map((column) => percent(row[column] as number)),
    ),
  );
  await page.getByLabel("Shown", { exact: true }).selectOption({ label: "Real wage" });
  const wages = [...(await cells(page.locator(".bands table"))).values()];
  expect(wages[0]![1]).toBe(percent(rows[0]!["real_wage_p5"] as number));
});

test("the certificate, settings, notes and sources are there in full", async ({ open, page, derisk }) => {
  await open(hashOf({ panel: "sure", "sure.draws": 20 }));
  const scenario = derisk.file("sound.yaml", (await download(page, "Scenario (YAML)")).text);
  const { notes, settings, certificate } = derisk.table("simulate", "sample.world", scenario);
  const ground = page.locator(".ground");
  await expect(ground).toContainText("The numbers solve the model");
  await expect(ground).toContainText(certificate.worst_equation);
  for (const note of notes) await expect(ground).toContainText(note);
  for (const value of Object.values(settings)) await expect(ground).toContainText(String(value));
  const source = derisk.table("info", "sample.world").rows.find((row) => row["what"] === "source")!;
  await expect(ground).toContainText(source["title"] as string);
});

test("long draws say how far they are, and can be cancelled", async ({ open, page }) => {
  await open(hashOf({ panel: "sure", "sure.draws": 1000, "sure.share-error": 0.05 }));
  await expect(page.locator(".asked .progress")).toContainText(/\d+ of 1,000/);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.locator(".asked progress")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Draw", exact: true })).toBeEnabled();
});
