/* Scenarios are undone and done again, kept, opened from files, and compared. */
import type { Page } from "@playwright/test";
import { expect, hashOf, percent, test, violations } from "./derisk";

const slider = (page: Page) => page.getByRole("slider", { name: "Rate" });
const settled = (page: Page, at: number) =>
  expect.poll(() => page.evaluate(() => (history.state as { at: number } | null)?.at)).toBe(at);

async function setRate(page: Page, rate: string, at: number): Promise<void> {
  const box = page.getByRole("spinbutton", { name: "Rate, as a number" });
  await box.fill(rate);
  await box.press("Enter");
  await settled(page, at);
}

const MACHINES = { changes: [{ tariff: { by: "EU", on: "CHN", sectors: ["machinery"], rate: "40%" } }] };

test("Back, Forward, undo and redo go through what was done", async ({ open, page }) => {
  await open("panel=levers");
  await settled(page, 0);
  await expect(page.getByRole("button", { name: "Undo" })).toBeDisabled();
  await setRate(page, "30", 1);
  await setRate(page, "60", 2);
  await page.getByRole("tab", { name: "Ties" }).click();
  await settled(page, 3);
  await page.goBack();
  await expect(slider(page)).toHaveValue("60");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(slider(page)).toHaveValue("30");
  await page.getByRole("button", { name: "Redo" }).click();
  await expect(slider(page)).toHaveValue("60");
  await slider(page).focus();
  await page.keyboard.press("Control+z");
  await expect(slider(page)).toHaveValue("30");
  await page.keyboard.press("Control+Shift+z");
  await expect(slider(page)).toHaveValue("60");
  await page.goForward();
  await expect(page.getByRole("tab", { name: "Ties" })).toHaveAttribute("aria-selected", "true");
  /* What is done after going back takes the place of what was ahead. */
  await page.goBack();
  await settled(page, 2);
  await setRate(page, "70", 3);
  await expect(page.getByRole("button", { name: "Redo" })).toBeDisabled();
});

test("a scenario has a name, is kept over a reload, opened and removed", async ({ open, page }) => {
  await open(hashOf({ panel: "levers", scenario: MACHINES }));
  const name = page.getByLabel("Name of the scenario");
  await expect(name).toHaveAttribute("placeholder", /Tariff of European Union on China 40%/);
  await name.fill("Machines");
  await name.press("Enter");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "New", exact: true }).click();
  await expect(page.locator(".headline")).toContainText("no change yet");
  await page.reload();
  await page.getByText("Saved in this browser (1)").click();
  await page.getByRole("button", { name: "Machines", exact: true }).click();
  await expect(slider(page)).toHaveValue("40");
  await expect(name).toHaveValue("Machines");
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Remove Machines" }).click();
  await expect(page.getByText("Saved in this browser (0)")).toBeVisible();
});

test("a file of derisk simulate opens, to its digits, and overwrites nothing", async ({ open, page, derisk }) => {
  const text = `title: A tariff on everybody, with exemptions
groups:
  partners: [EU, JPN, KOR]
changes:
  - tariff: {by: USA, on: all, sectors: goods, except: [CAN, MEX], rate: 10%}
  - tariff: {by: USA, on: CHN, sectors: goods, rate: 60%, replace: true}
  - tariff: {by: USA, on: partners, sectors: goods, rate: 0%, replace: true}
  - production-subsidy: {in: USA, sectors: machinery, rate: 5%}
`;
  await open(hashOf({ panel: "levers", scenario: MACHINES }));
  await expect(page.locator(".ranking li").first()).toBeVisible();
  await page
    .getByLabel("Open a file")
    .setInputFiles({ name: "all.yaml", mimeType: "text/yaml", buffer: Buffer.from(text) });
  await expect(page.getByLabel("Name of the scenario")).toHaveValue("A tariff on everybody, with exemptions");
  const { rows } = derisk.table("simulate", "sample.world", derisk.file("all.yaml", text));
  const usa = rows.find((row) => row["region"] === "USA")!;
  const shown = page.locator(".ranking").getByRole("button", { name: /^United States/ });
  await expect(shown).toContainText(percent(usa["welfare"] as number));
  await expect(page.getByText("Saved in this browser (1)")).toBeVisible();
});

for (const [what, text, told] of [
  ["no scenario", "title: Nothing", "not a scenario of the page"],
  ["no YAML", "changes: [}", "could not be opened"],
  ["files of its own", "include: other.yaml\nchanges: []", "not a scenario of the page"],
  ["an unknown instrument", "changes: [{tarif: {by: EU, on: CHN, rate: 5%}}]", "“tarif” is not an instrument"],
  ["aliases without end", `a: &a [x]\nb: [${"*a, ".repeat(50)}*a]`, "could not be opened"],
] as const)
  test(`a file with ${what} is refused, and changes nothing`, async ({ open, page }) => {
    await open(hashOf({ panel: "levers", scenario: MACHINES }));
    await page
      .getByLabel("Open a file")
      .setInputFiles({ name: "bad.yaml", mimeType: "text/yaml", buffer: Buffer.from(text) });
    await expect(page.getByRole("alert")).toContainText(told);
    await expect(slider(page)).toHaveValue("40");
  });

test("A stands beside B, with the difference, in a link too", async ({ open, page, derisk }) => {
  await open(hashOf({ panel: "levers", scenario: MACHINES }));
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByLabel("Compare with").selectOption({ index: 1 });
  await settled(page, 1);
  await setRate(page, "80", 2);
  const welfare = (rate: string) =>
    derisk
      .table("simulate", "sample.world", "--tariff", `EU:CHN:machinery:${rate}`)
      .rows.find((row) => row["region"] === "CHN")!["welfare"] as number;
  const [a, b] = [welfare("80%"), welfare("40%")];
  const china = page.locator(".ranking").getByRole("button", { name: /^China/ });
  const cells = () => china.locator("> span").allInnerTexts();
  const wanted = ["China", percent(a), percent(b), percent(a - b)];
  await expect.poll(cells).toEqual(wanted);
  await expect(page.locator(".headline")).toContainText("difference");
  await page.reload();
  await expect.poll(cells).toEqual(wanted);
});

test("a plan that is taken to Levers overwrites nothing", async ({ open, page }) => {
  await open(hashOf({ panel: "plan", scenario: MACHINES }));
  await page.getByRole("button", { name: "Take to Levers" }).click();
  await expect(page.getByLabel("Name of the scenario")).toHaveValue(/Least-cost diversification/);
  await page.getByText("Saved in this browser (1)").click();
  await page.getByRole("button", { name: /^Tariff of European Union on China 40%/ }).click();
  await expect(slider(page)).toHaveValue("40");
});
