/* Columns of tables are headed and explained by the program. */
import { fileURLToPath } from "node:url";
import { hashOf, expect, test, type Derisk, type Table } from "./derisk";
import { textsAmong } from "./texts";

const SOURCE = fileURLToPath(new URL("../src", import.meta.url));
const TARIFF = ["simulate", "sample.world", "--tariff", "EU:CHN:goods:25%"];
/* Labels of choices and of cards that are called as a column is. */
const LABELS = ["value added", "imports from", "exports to", "value-added balance", "terms of trade"];

const tablesOf = (derisk: Derisk): Table[] => [
  derisk.table(...TARIFF, "--table", "regions"),
  derisk.table(...TARIFF, "--table", "sectors"),
  derisk.table(...TARIFF, "--table", "overview"),
  derisk.table("exposure", "sample.world", "EU", "--to", "CHN"),
  derisk.table("exposure", "sample.world", "EU", "--to", "CHN", "--hidden"),
  derisk.table("balance", "sample.world", "EU", "CHN", "--by", "sector", "--value-added"),
  derisk.table("plan", "sample.world", "EU", "--from", "CHN", "--cap", "30%"),
];

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

test("no heading of a column is typed in the page's source", async ({ derisk }) => {
  const headings = tablesOf(derisk).flatMap(({ columns }) => Object.values(columns).map(({ heading }) => heading));
  const ofWords = headings.filter(
    (heading) => heading.includes(" ") && !LABELS.includes(heading),
  ); /* one word is a label elsewhere */
  expect(ofWords).toContain("real GDP");
  expect(ofWords.length).toBeGreaterThan(20);
  expect(textsAmong(SOURCE, ofWords)).toEqual([]);
  expect(textsAmong(SOURCE, ["shown as"]).length).toBe(1); /* what is there is found */
});

test("a table is headed and explained as the program does", async ({ derisk, open, page }) => {
  await open(hashOf({ panel: "ties", of: "EU", to: "CHN" }));
  await expect(page.locator(".tie tbody tr").first()).toBeVisible();
  const { columns } = derisk.table("exposure", "sample.world", "EU", "--to", "CHN");
  const shown = ["sector", "imports_from", "share_of_imports", "share_of_use", "exports_to", "share_of_exports"];
  expect(await page.locator(".tie thead th button:not(.info)").allInnerTexts()).toEqual(
    shown.map((name) => capital(columns[name]!.heading)),
  );
  await expect(page.locator(".tie thead th").nth(3)).toHaveAttribute("title", columns["share_of_use"]!.description);
});

test("the changes of economies that can be shown are those of the program", async ({ derisk, open, page }) => {
  await open(hashOf({ panel: "levers" }));
  const { columns } = derisk.table(...TARIFF, "--table", "regions");
  const changes = Object.values(columns).filter(({ type }) => type === "percent");
  await expect(page.locator(".where select option")).toHaveText(changes.map(({ heading }) => capital(heading)));
});
