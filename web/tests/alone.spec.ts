/* The page without a server, as tools/page-static.sh makes it: from disk, by file:, where nothing else is loaded. Its
   answers are those of a server of the same world. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import type { Page } from "@playwright/test";
import { expect, test } from "./derisk";

const FOLDER = resolve(process.env["DERISK_PAGE"] ?? fileURLToPath(new URL("../../build/site/page", import.meta.url)));
const ADDRESS = pathToFileURL(`${FOLDER}/index.html`).href;

test.skip(!existsSync(`${FOLDER}/index.html`), `no ${FOLDER}: make site makes it where emscripten is installed`);

/* What the page asked its workers, and what they answered. */
interface Asked {
  path: string;
  body: string | null;
  status: number;
  text: string;
}

async function open(page: Page, hosts: Set<string>, hash: string): Promise<void> {
  hosts.add(""); /* that of file: */
  await page.addInitScript(() => {
    const asked: object[] = [];
    Object.assign(window, { asked });
    window.Worker = class extends Worker {
      private wanted: object = {};
      constructor(url: string | URL, options?: WorkerOptions) {
        super(url, options);
        this.addEventListener("message", ({ data }) => {
          if (data.kind === "answer") asked.push({ ...this.wanted, ...data });
        });
      }
      override postMessage(wanted: object): void {
        this.wanted = wanted;
        super.postMessage(wanted);
      }
    };
  });
  await page.goto(`${ADDRESS}#${hash}`);
  await expect(page.getByRole("tablist")).toBeVisible();
}

const askedBy = async (page: Page): Promise<Asked[]> => await page.evaluate(() => (window as never)["asked"]);

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/* The largest difference between numbers, relative above 1. Everything else is to be equal, but for what tells of the
   search for a solution. */
function apart(here: Json, there: Json, where: string): number {
  if (typeof here === "number" && typeof there === "number")
    return Math.abs(here - there) / Math.max(1, Math.abs(there));
  if (here === null || there === null || typeof here !== "object" || typeof there !== "object") {
    expect(here, where).toEqual(there);
    return 0;
  }
  expect(Object.keys(here), where).toEqual(Object.keys(there));
  const own = Object.entries(here).filter(([key]) => !["certificate", "notes", "solve_seconds"].includes(key));
  return Math.max(
    0,
    ...own.map(([key, value]) => apart(value, (there as { [key: string]: Json })[key]!, `${where}/${key}`)),
  );
}

/* The server's answer, by a connection of its own. */
const answerOf = async (url: string, { path, body }: Asked): Promise<[status: number, answer: Json]> =>
  await new Promise((done, failed) => {
    const method = body === null ? "GET" : "POST";
    const headers = { "Content-Type": "application/json" };
    const sent = request(new URL(`api/v1/${path}`, url), { method, headers, agent: false }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (part: string) => {
        text += part;
      });
      answer.on("end", () => done([answer.statusCode!, JSON.parse(text)]));
    });
    sent.on("error", failed);
    sent.end(body ?? "");
  });

/* The largest difference from the answers of the server to the same questions. */
async function farthest(asked: Asked[], url: string): Promise<number> {
  let most = 0;
  for (const one of asked) {
    const [status, answer] = await answerOf(url, one);
    expect(one.status, `${one.path} ${one.body}: ${one.text.slice(0, 300)}`).toBe(status);
    most = Math.max(most, apart(JSON.parse(one.text), answer, one.path));
  }
  return most;
}

for (const [panel, drawn, question] of [
  ["start", ".story .facts", /^simulate/],
  ["ties", ".tie tbody tr", /^balance/],
  ["levers", ".ranking li", /^simulate/],
] as const)
  test(`${panel} has the digits of the program, from disk`, async ({ page, derisk }) => {
    await open(page, derisk.hosts, `panel=${panel}`);
    await expect(page.locator(drawn).first()).toBeVisible();
    const asked = await askedBy(page);
    expect(asked.filter(({ path }) => question.test(path))).not.toEqual([]);
    expect(await farthest(asked, derisk.url)).toBeLessThan(1e-9);
  });

/* Plans and best responses are optima. Each optimiser stops as near to one as it can, the program's within 1e-7. */
for (const [panel, drawn] of [
  ["plan", ".facts"],
  ["play", ".verdict li"],
] as const)
  test(`${panel} has the optimum of the program, from disk`, async ({ page, derisk }) => {
    await open(page, derisk.hosts, `panel=${panel}`);
    await expect(page.locator(drawn).first()).toBeVisible();
    const asked = (await askedBy(page)).filter(({ path }) => path === panel);
    expect(asked.length).toBeGreaterThan(0);
    expect(await farthest(asked, derisk.url)).toBeLessThan(1e-6);
  });

test("a slider moves the world, from disk", async ({ page, derisk }) => {
  await open(page, derisk.hosts, "panel=levers");
  const ranking = page.locator(".ranking");
  await expect(ranking.locator("li").first()).toBeVisible();
  const before = await ranking.innerText();
  await page.getByRole("slider", { name: "Rate" }).press("PageUp");
  await expect(ranking).not.toHaveText(before);
});

test("two megabytes and no more, compressed", () => {
  const sizes = readdirSync(FOLDER).map((name) => gzipSync(readFileSync(`${FOLDER}/${name}`), { level: 9 }).length);
  expect(sizes.reduce((a, b) => a + b)).toBeLessThan(2e6);
});
