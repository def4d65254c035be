/* What the tests of the page stand on: the sample world, a server of it, the program to compare with, and a page that
   may go nowhere else. */
import { execFileSync, spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { test as base, expect, type Download, type Locator, type Page } from "@playwright/test";
import type { AxeResults } from "axe-core";

export { expect };

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PROGRAM = resolve(process.env["DERISK_PROGRAM"] ?? join(ROOT, "build/derisk"));
export const SAMPLE = join(ROOT, "data/sample");

export type Row = Record<string, string | number | null>;
export interface Table {
  title: string;
  rows: Row[];
  notes: string[];
  columns: Record<string, { heading: string; type: string; unit: string; description: string }>;
  settings: Record<string, unknown>;
  certificate: { worst_equation: string };
  sums: { total: number[] };
  plan: { cost: number; cost_value: number; share: number; share_before: number };
}

export interface Derisk {
  url: string;
  hosts: Set<string> /* who may be asked */;
  serve: (...given: string[]) => Promise<{ url: string; stop: () => Promise<void> }>;
  run: (...args: string[]) => string /* standard output of a command in the folder of the world */;
  table: (...args: string[]) => Table /* of a command with --format json */;
  file: (name: string, text: string) => string /* a file beside the world */;
}

/* The address is the first line that the server prints. */
function urlOf(server: ChildProcess): Promise<string> {
  return new Promise((done, failed) => {
    let said = "";
    server.stdout!.on("data", (text) => {
      said += text;
      const line = said.split("\n")[0]!;
      if (said.includes("\n")) done(line.trim());
    });
    server.on("exit", (code) => failed(new Error(`derisk serve ended with ${code} before it said where it is`)));
  });
}

export const test = base.extend<{ open: (hash: string) => Promise<void> }, { derisk: Derisk }>({
  derisk: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of a fixture from the pattern
    async ({}, use) => {
      const folder = mkdtempSync(join(tmpdir(), "derisk-page-"));
      const options = {
        cwd: folder,
        encoding: "utf8" as const,
        maxBuffer: 1 << 28,
        stdio: ["ignore", "pipe", "pipe"] as StdioOptions,
      };
      const run = (...args: string[]): string => execFileSync(PROGRAM, args, options);
      const hosts = new Set<string>();
      const servers: (() => Promise<void>)[] = []; /* ended with the worker, whatever the tests did */
      const serve: Derisk["serve"] = async (...given) => {
        const server = spawn(PROGRAM, ["serve", ...given, "--port", "0"], {
          cwd: folder,
          stdio: ["ignore", "pipe", "ignore"],
        });
        const ended = new Promise<void>((done) => server.once("exit", () => done()));
        const url = await urlOf(server);
        hosts.add(new URL(url).host);
        const stop = () => {
          server.kill("SIGINT"); /* at once, whatever it works on */
          return ended;
        };
        servers.push(stop);
        return { url, stop };
      };
      run("demo");
      const { url } = await serve("sample.world");
      await use({
        url,
        hosts,
        serve,
        run,
        table: (...args) => JSON.parse(run(...args, "--format", "json", "--quiet")),
        file: (name, text) => {
          writeFileSync(join(folder, name), text);
          return name;
        },
      });
      await Promise.all(servers.map((stop) => stop()));
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: "worker" },
  ],

  /* A page that fails the test if it asks another host for anything, or says anything in the console. */
  page: async ({ page, derisk }, use) => {
    const complaints: string[] = [];
    await page.route(
      (url) => !["data:", "blob:"].includes(url.protocol) && !derisk.hosts.has(url.host),
      (route) => {
        complaints.push(`asked ${route.request().url()}`);
        return route.abort();
      },
    );
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(message.text());
    });
    await use(page);
    expect(complaints).toEqual([]);
  },

  /* open("panel=plan"): the page with that in its address. */
  open: async ({ page, derisk }, use) => {
    await use(async (hash) => {
      await page.goto(`${derisk.url.replace(/\/?$/, "/")}#${hash}`);
      await expect(page.getByRole("tablist")).toBeVisible();
    });
  },
});

export const hashOf = (entries: Record<string, unknown>): string =>
  new URLSearchParams(
    Object.entries(entries).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)]),
  ).toString();

/* The text and the file name of a download. */
export async function download(
  page: Page,
  label: string | RegExp,
): Promise<{ name: string; bytes: Buffer; text: string }> {
  await page.getByText("Download", { exact: true }).click();
  const started: Promise<Download> = page.waitForEvent("download");
  await page.getByRole("button", { name: label }).first().click();
  const done = await started;
  const bytes = readFileSync(await done.path());
  return { name: done.suggestedFilename(), bytes, text: bytes.toString("utf8") };
}

/* The rows of a CSV without quotes in it, numbers as numbers. */
export function csvRows(text: string): Row[] {
  const [head, ...lines] = text
    .trim()
    .split("\n")
    .map((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((cell) => cell.replace(/^"|"$/g, "")));
  return lines.map((line) =>
    Object.fromEntries(
      head!.map((name, i) => [name, line[i] !== "" && Number.isFinite(Number(line[i])) ? Number(line[i]) : line[i]!]),
    ),
  );
}

/* The rows of a CSV are those of the command: the same words and digits, nothing for what is not there. */
export const asCsv = (rows: Row[]): Row[] =>
  rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value ?? ""])));

/* The same for what a search from several starts on several cores finds: numbers to a millionth. */
export function expectNear(found: Row[], wanted: Row[]): void {
  expect(found.length).toBe(wanted.length);
  for (const [i, row] of asCsv(wanted).entries())
    for (const [key, value] of Object.entries(row)) {
      const other = found[i]![key];
      if (typeof value !== "number") expect(other).toBe(value);
      else {
        const gap = Math.abs((other as number) - value);
        expect(gap, `${key} of row ${i + 1}: ${other} for ${value}`).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)));
      }
    }
}

/* The table's cells as they are read on the page, by row, once it has any; the first column names the row. */
export async function cells(table: Locator): Promise<Map<string, string[]>> {
  await table.locator("tbody tr").first().waitFor();
  const rows = await table
    .locator("tbody tr")
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => (cell.textContent ?? "").trim())));
  return new Map(rows.map(([name, ...rest]) => [name!, rest]));
}

/* A number as the page writes it: "−1,234.56%" is -1234.56. */
export const numberOf = (text: string): number => Number(text.replace(/[,%+]/g, "").replace("−", "-"));

const TWO_DECIMALS = { minimumFractionDigits: 2, maximumFractionDigits: 2 };

/* A percentage as the page writes it, from a value in percent. */
export const percent = (value: number): string => {
  const text = value.toFixed(2);
  return text === "-0.00" || text === "0.00"
    ? "0.00%"
    : `${value > 0 ? "+" : "−"}${Math.abs(value).toLocaleString("en", TWO_DECIMALS)}%`;
};

/* A share as the page writes it: 0.25 is "25.00%". */
export const share = (value: number): string =>
  `${(100 * value).toLocaleString("en", TWO_DECIMALS)}%`.replace("-", "−");

export const whole = (value: number): string => Math.round(value).toLocaleString("en").replace("-", "−");

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/* The accessibility violations that axe-core finds on the page: "rule: element" each. */
export async function violations(page: Page): Promise<string[]> {
  await page.evaluate(AXE); /* not a <script>, which the page's policy would refuse */
  return await page.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run: () => Promise<AxeResults> } };
    const { violations } = await axe.run();
    return violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.html.slice(0, 160)} ${n.failureSummary}`));
  });
}
