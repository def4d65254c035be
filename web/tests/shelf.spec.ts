/* Scenarios are undone and done again, kept, opened from files, and compared. */
import type { Page } from "@playwright/test";
import { cells, download, expect, hashOf, numberOf, percent, test, violations, whole } from "./derisk";

const slider = (page: Page) => page.getByRole("slider", { name: "Rate" });
/* What the hand does until it has rested for 0.4 seconds is one entry of the history. */
async function settled(page: Page, at: number): Promise<void> {
  await expect.poll(() => page.evaluate(() => (history.state as { at: number } | null)?.at)).toBe(at);
  await page.waitForTimeout(500);
}

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

test("the outcome of a game becomes a new scenario, whose answer is that of the game", async ({
  open,
  page,
  derisk,
}) => {
  await open(hashOf({ panel: "play", scenario: MACHINES }));
  await expect(page.locator(".verdict")).toBeVisible();
  const game = derisk.file("game.yaml", (await download(page, "The game (YAML)")).text);
  await page.getByRole("button", { name: "Take to Levers" }).click();
  await expect(page.getByLabel("Name of the scenario")).toHaveValue(/Nash equilibrium/);
  await expect(page.locator(".ranking li").first()).toBeVisible();
  await expect(page.getByText("Saved in this browser (1)")).toBeVisible();
  const file = derisk.file("outcome.yaml", (await download(page, "Scenario (YAML)")).text);
  const [found, wanted] = [
    derisk.table("simulate", "sample.world", file),
    derisk.table("play", "sample.world", game, "--table", "regions"),
  ].map(({ rows }) => rows.map((row) => row["welfare"] as number));
  for (const [i, welfare] of found!.entries()) expect(welfare).toBeCloseTo(wanted![i]!, 7);
});

const LESS = { changes: [{ tariff: { by: "EU", on: "CHN", sectors: ["machinery"], rate: "10%" } }] };

test("Ties has the base, A, B and their difference", async ({ open, page, derisk }) => {
  await open(
    hashOf({
      panel: "ties",
      scenario: MACHINES,
      "levers.beside": LESS,
      "ties.after": true,
      "ties.whose": "difference",
    }),
  );
  const imports = (rate: string) =>
    derisk
      .table("simulate", "sample.world", "--tariff", `EU:CHN:machinery:${rate}`, "--tie", "EU:CHN")
      .rows.find((row) => row["sector"] === "machinery")!["imports_from_new"] as number;
  const [a, b] = [imports("40%"), imports("10%")];
  const shown = async () => (await cells(page.locator(".tie table"))).get("Machinery, n.e.c.")!.slice(0, 3);
  expect(await shown()).toEqual([whole(a), whole(b), whole(a - b)]);
  await expect(page.locator(".headline")).toContainText("under B");
  await page.getByRole("group", { name: "World" }).getByRole("radio", { name: "B", exact: true }).check();
  await expect(page.locator(".tie h2")).toContainText("before and under B");
  await expect.poll(async () => (await shown())[1]).toBe(whole(b));
  expect(await violations(page)).toEqual([]);
});

test("Uncertainty has the bands of A and of B", async ({ open, page, derisk }) => {
  const draws = { "sure.draws": 20, "sure.view": "table" };
  await open(hashOf({ panel: "sure", scenario: MACHINES, "levers.beside": LESS, ...draws }));
  await expect(page.locator(".bands thead")).toContainText("B, at the estimates");
  const { rows } = derisk.table("simulate", "sample.world", "--tariff", "EU:CHN:machinery:10%");
  const there = (await cells(page.locator(".bands table"))).get("China")![3];
  expect(there).toBe(percent(rows.find((row) => row["region"] === "CHN")!["welfare"] as number));
});

test("a plan stands beside one that was kept, in a link too", async ({ open, page }) => {
  await open(hashOf({ panel: "plan", "plan.sectors": ["electrical-optical"], "plan.cap": 0.3 }));
  await expect(page.locator(".facts")).toBeVisible();
  await page.getByRole("button", { name: "Keep as B" }).click();
  await page.getByRole("slider", { name: /Cap on the share of/ }).fill("20");
  await expect(page.locator(".planned")).toContainText("for earlier choices");
  await page.getByRole("button", { name: "Plan it" }).click();
  await expect(page.locator(".planned")).not.toContainText("for earlier choices");
  const share = async () => (await cells(page.locator(".compared table"))).get("Share of the supplier under the plan")!;
  expect(await share()).toEqual(["20.00%", "30.00%", "−10.00%"]);
  await page.reload();
  await expect(page.locator(".compared")).toBeVisible();
  expect(await share()).toEqual(["20.00%", "30.00%", "−10.00%"]);
  expect(await violations(page)).toEqual([]);
  await page.getByRole("button", { name: "Without B" }).click();
  await expect(page.locator(".compared")).toHaveCount(0);
});

test("an outcome stands beside one that was kept", async ({ open, page, derisk }) => {
  await open("panel=play");
  await expect(page.locator(".verdict")).toBeVisible();
  await page.getByRole("button", { name: "Keep as B" }).click();
  await page.getByLabel("Kind of play").selectOption({ label: "Leader and follower" });
  await expect(page.locator(".outcome")).toContainText("for earlier choices");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await expect(page.locator(".outcome")).not.toContainText("for earlier choices");
  const welfare = (kind: string, more = "") => {
    const players =
      "players:\n  - player: EU\n    tariff: {on: CHN, uniform: true}\n" +
      "  - player: CHN\n    tariff: {on: EU, uniform: true}\n";
    const file = derisk.file(`${kind}.yaml`, `play: ${kind}\n${more}${players}`);
    const { rows } = derisk.table("play", "sample.world", file, "--table", "regions");
    return rows.find((row) => row["region"] === "CHN")!["welfare"] as number;
  };
  const [a, b] = [welfare("stackelberg", "leader: EU\n"), welfare("nash")];
  const shown = (await cells(page.locator(".compared table"))).get("China")!;
  for (const [i, value] of [a, b, a - b].entries()) expect(numberOf(shown[i]!)).toBeCloseTo(value, 3);
});
