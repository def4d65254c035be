/* Links live long and get cut: whatever is in one, the page is there, with a line that says what was not understood. */
import type { Page } from "@playwright/test";
import { expect, hashOf, test, violations } from "./derisk";

/* The server refuses what it is asked for an economy that it does not have, of which the browser tells in the
   console. */
const quiet = (page: Page): void => {
  page.removeAllListeners("console");
};

const TARIFF = { tariff: { by: "EU", on: "CHN", sectors: ["machinery"], rate: "40%" } };

const MALFORMED: [link: string, told: string][] = [
  [hashOf({ panel: "levers", scenario: { changes: 5 } }), "scenario: "],
  [hashOf({ panel: "levers", scenario: {} }), "scenario: "],
  [hashOf({ panel: "levers", scenario: { changes: [null] } }), "scenario: "],
  [hashOf({ panel: "levers", scenario: { changes: [{}] } }), "scenario: "],
  [hashOf({ panel: "levers", scenario: { changes: [{ tariff: null }] } }), "scenario: "],
  [hashOf({ panel: "levers", scenario: { changes: [{ tariff: { by: "EU", on: "CHN" } }] } }), "scenario: "],
  [
    hashOf({ panel: "levers", scenario: { changes: [{ tariff: { by: "EU", on: "CHN", rate: "much" } }] } }),
    "scenario: ",
  ],
  [hashOf({ panel: "levers", scenario: { changes: [{ tarif: TARIFF.tariff }] } }), "scenario: "],
  [hashOf({ panel: "levers", scenario: { changes: [TARIFF], colour: "red" } }), "scenario: "],
  [hashOf({ panel: "levers", scenario: { changes: [{ demand: { in: "EU", colour: 1 } }] } }), "scenario: “colour”"],
  [hashOf({ panel: "levers", scenario: [] }), "scenario: "],
  [hashOf({ panel: "levers", scenario: { changes: [TARIFF] } }).slice(0, 60), "scenario: "] /* cut */,
  [hashOf({ others: 5 }), "others: "],
  [hashOf({ others: [["EU"]] }), "others: "],
  [hashOf({ others: ["USA", "XXX"] }), "XXX is not in this world"],
  [hashOf({ panel: "plan", "plan.levers": null }), "plan.levers: "],
  [hashOf({ panel: "plan", "plan.levers": [] }), "plan.levers: "],
  [hashOf({ panel: "plan", "plan.cap": "a half" }), "plan.cap: "],
  [hashOf({ panel: "plan", "plan.cap": 20 }), "plan.cap: "],
  [hashOf({ panel: "plan", "plan.caps": { machinery: "0.1" } }), "plan.caps: "],
  [hashOf({ panel: "plan", "plan.aim": "glory" }), "plan.aim: "],
  [hashOf({ panel: "play", "play.players": [null] }), "play.players: "],
  [hashOf({ panel: "play", "play.players": [{ player: "EU" }] }), "play.players: "],
  [hashOf({ panel: "play", "play.players": 1 }), "play.players: "],
  [hashOf({ panel: "play", "play.trial": {} }), "play.trial: "],
  [hashOf({ panel: "play", "play.kind": "chess" }), "play.kind: "],
  [hashOf({ panel: "sure", "sure.draws": -1 }), "sure.draws: "],
  [hashOf({ panel: "sure", "sure.what": "luck" }), "sure.what: "],
  [hashOf({ panel: "ties", "ties.measure": "xxx" }), "ties.measure: "],
  [hashOf({ panel: "ties", "ties.after": "yes" }), "ties.after: "],
  [hashOf({ panel: "levers", "levers.region": "XXX" }), "XXX is not in this world"],
  [hashOf({ panel: "nowhere" }), "panel: "],
  [hashOf({ year: 1800 }), "1800 is not in this world, 2011 is shown"],
  [hashOf({ year: "soon" }), "year: "],
  [hashOf({ of: "XXX" }), "XXX is not in this world"],
  [hashOf({ to: "XXX" }), "XXX is not in this world"],
  [hashOf({ of: "EU", to: "DEU" }), "Germany is part of European Union"],
  [hashOf({ sector: "witchcraft" }), "witchcraft is not in this world"],
  [
    hashOf({ panel: "levers", scenario: { changes: [{ tariff: { by: "XXX", on: "CHN", rate: "5%" } }] } }),
    "XXX is not in this world",
  ],
  [hashOf({ panel: "plan", "plan.sectors": ["witchcraft"] }), "witchcraft is not in this world"],
  ["pan", "“pan” is not part of a link"],
  [hashOf({ v: "7", panel: "ties" }), "version “7”"],
];

/* What the address says; one that cannot be decoded is still that of the link that was cut, `bare` without its cut
   end. */
function addressOf(page: Page, bare: string) {
  return page.evaluate((cut) => {
    try {
      return decodeURIComponent(location.hash);
    } catch {
      return cut;
    }
  }, bare);
}

test("a link that is not understood opens the page, says what it was, and can be left", async ({ open, page }) => {
  quiet(page);
  for (const [link, told] of MALFORMED) {
    await page.goto("about:blank");
    await open(link);
    await expect(page.locator(".misread"), link).toContainText(told);
    await expect(page.locator("main .card").first(), link).toBeVisible();
    await expect(page.locator(".broken"), link).toHaveCount(0);
    await page.getByRole("button", { name: "Start afresh" }).click();
    await expect(page.locator(".misread"), link).toHaveCount(0);
    await expect(page.getByRole("tab", { name: "Start" }), link).toHaveAttribute("aria-selected", "true");
    const bare = decodeURIComponent(link.replaceAll("+", " ").replace(/%[0-9A-F]?$/, ""));
    await expect.poll(() => addressOf(page, bare), link).not.toContain(bare);
  }
});

test("what is right in a link is shown beside what is not", async ({ open, page }) => {
  await open(hashOf({ panel: "levers", scenario: { changes: [TARIFF] }, others: 5, of: "USA" }));
  await expect(page.locator(".misread")).toContainText("others");
  expect(await violations(page)).toEqual([]);
  await expect(page.getByRole("slider", { name: "Rate" })).toHaveValue("40");
  await page.locator(".misread").getByRole("button", { name: "Close" }).click();
  await expect(page.locator(".misread")).toHaveCount(0);
  await expect(page.getByRole("slider", { name: "Rate" })).toHaveValue("40");
});

test("links carry their version, and those without one are of the first", async ({ open, page }) => {
  await open(hashOf({ panel: "plan", "plan.cap": 0.25 }));
  await expect(page).toHaveURL(/#v=1&/);
  await expect(page.locator(".misread")).toHaveCount(0);
  await open(hashOf({ v: "1", panel: "plan", "plan.cap": 0.3 }));
  await expect(page.locator(".misread")).toHaveCount(0);
});

/* ---- Links at random ---- */

/* The same numbers each time. */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const GOOD: Record<string, unknown>[] = [
  {
    panel: "levers",
    of: "EU",
    scenario: {
      horizon: "short",
      changes: [
        TARIFF,
        { "export-curb": { by: "CHN", to: "EU", sectors: ["electrical-optical"], cut: "50%" } },
        { quota: { by: "EU", on: "CHN", at: 100 } },
      ],
    },
  },
  {
    panel: "levers",
    "levers.region": "DEU",
    scenario: {
      "rigid-wages": "EU",
      elasticity: 4,
      changes: [
        { leave: { region: "DEU", group: "EU", "trade-cost": 1.1 } },
        { "trade-cost": { between: "USA", and: "CHN", times: 1.2 } },
      ],
    },
  },
  {
    panel: "ties",
    of: "USA",
    to: "CHN",
    others: ["JPN", "EU"],
    sector: "machinery",
    "ties.measure": "value-added",
    "ties.way": "exports",
    "ties.after": true,
    "ties.gap": "sector",
  },
];

const STRANGE: unknown[] = [
  null,
  0,
  -1,
  5,
  1e308,
  "",
  "x",
  "all",
  "25%",
  true,
  [],
  {},
  [null],
  [[]],
  [{}],
  { changes: 1 },
  { __proto__: null },
  ["EU"],
  "\u0000",
  "<b>",
  "ROW",
];

/* A copy of a value with one part of it, somewhere inside, exchanged, dropped or renamed. */
function changed(value: unknown, next: () => number): unknown {
  const pick = <T>(list: T[]): T => list[Math.floor(next() * list.length)]!;
  if (typeof value !== "object" || value === null || next() < 0.25) return pick(STRANGE);
  const keys = Object.keys(value);
  if (keys.length === 0) return pick(STRANGE);
  const key = pick(keys);
  const copy = (Array.isArray(value) ? [...value] : { ...value }) as Record<string, unknown>;
  const how = next();
  if (how < 0.7) copy[key] = changed(copy[key], next);
  else if (how < 0.85) delete copy[key];
  else copy[pick(["colour", "sectors", "by", "length", "constructor", "toString"])] = copy[key];
  return copy;
}

test("of two hundred links at random none breaks the page", async ({ open, page }) => {
  quiet(page);
  const next = random(20111);
  await open("panel=levers");
  for (let i = 0; i < 200; i++) {
    const good = GOOD[Math.floor(next() * GOOD.length)]!;
    const whole = hashOf((changed(good, next) as Record<string, unknown>) ?? {});
    const cut = next() < 0.3 ? whole.slice(0, Math.floor(next() * whole.length)) : whole;
    await page.evaluate((hash) => {
      location.hash = hash;
    }, cut);
    if (i % 10 === 0) await page.reload();
    await expect(page.locator("main .card").first(), cut).toBeVisible();
    await expect(page.locator(".broken"), cut).toHaveCount(0);
    expect(await page.locator("body").innerText(), cut).not.toMatch(/NaN|undefined|\[object|is not a function/);
  }
});

test("what was chosen a moment before a reload is kept", async ({ open, page }) => {
  await open("panel=plan");
  for (const cap of ["20", "35"]) {
    await page.getByRole("slider", { name: /Cap on the share of/ }).fill(cap);
    await page.reload();
    await expect(page.getByRole("slider", { name: /Cap on the share of/ })).toHaveValue(cap);
  }
});

/* What tells of a new address comes after what was due in the meantime: here the page's own writing of the address. */
test("an address given while the page is about to write its own is followed", async ({ open, page }) => {
  await open("panel=ties");
  await page.evaluate(async () => {
    const pause = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));
    await pause(1000);
    document.getElementById("tab-levers")!.click(); /* written 400 ms from now */
    await pause(50);
    setTimeout(() => {
      location.hash = "panel=plan";
    }, 100);
    const until = performance.now() + 800;
    while (performance.now() < until);
  });
  await page.waitForTimeout(1000);
  await expect(page).toHaveURL(/panel=plan/, { timeout: 5000 });
  await expect(page.getByRole("tab", { name: "Plan" })).toHaveAttribute("aria-selected", "true", { timeout: 5000 });
});
