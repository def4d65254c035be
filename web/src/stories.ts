/* Questions that many have asked, as presets: each is a scenario or a plan, its answer asked from the server when it is
   shown. Which of them a world can answer follows from its economies, groups and sectors. */
import { computed } from "@preact/signals";
import { get, solve, type Table } from "./api";
import { headlineDraws, type Draws } from "./bands";
import { job, type Job } from "./job";
import type { Question } from "./planning";
import { documentOf, type Change, type Scenario } from "./scenario";
import { isEconomy, isSector, membersOf, world, year } from "./state";
import { words } from "./words";

export interface Story {
  id: string;
  title: string;
  asked: string;
  who: string[] /* whose gains and losses are told */;
  scenario?: Scenario;
  plan?: Question;
}

/* What the server says to it: sentences, economies, and of a scenario what changes most. */
export interface Told {
  summary: Table;
  regions: Table;
  overview?: Table;
}

const has = (...codes: string[]): boolean => codes.every(isEconomy);
const sectorAmong = (...slugs: string[]): string | undefined => slugs.find(isSector);

function cars(): Story | null {
  const sector = sectorAmong("motor-vehicles", "transport-equipment");
  if (!has("EU", "CHN") || !sector) return null;
  const changes: Change[] = [{ tariff: { by: "EU", on: "CHN", sectors: [sector], add: "35.3%" } }];
  return { id: "cars", ...words.stories.cars, who: ["EU", "CHN"], scenario: { changes } };
}

function energy(): Story | null {
  const sectors = [sectorAmong("energy-mining", "mining"), sectorAmong("refined-petroleum")].filter(
    (s) => s !== undefined,
  );
  if (!has("EU", "RUS") || sectors.length < 2) return null;
  const changes: Change[] = [{ ban: { by: "EU", on: "RUS", sectors } }];
  return { id: "energy", ...words.stories.energy, who: ["EU", "RUS"], scenario: { horizon: "short", changes } };
}

function blocs(): Story | null {
  const west = ["EU", "USA", "GBR", "JPN", "KOR", "TWN", "AUS", "CAN"].filter(
    (code, i, all) => isEconomy(code) && !(i > 0 && isEconomy(all[0]!) && membersOf(all[0]!).includes(code)),
  );
  if (!has("EU", "USA", "CHN", "RUS")) return null;
  const changes: Change[] = [{ "trade-cost": { between: west, and: ["CHN", "RUS"], times: 1.8 } }];
  return { id: "blocs", ...words.stories.blocs, who: ["EU", "USA", "CHN", "RUS"], scenario: { changes } };
}

function italy(): Story | null {
  if (!has("ITA", "BRI") || !membersOf("BRI").includes("ITA") || membersOf("BRI").length < 2) return null;
  const changes: Change[] = [{ leave: { region: "ITA", group: "BRI", "trade-cost": 1.02 } }];
  return { id: "italy", ...words.stories.italy, who: ["ITA", "CHN"], scenario: { changes } };
}

function chips(): Story | null {
  const sector = sectorAmong("electronics", "electrical-optical");
  const by = ["USA", "NLD", "JPN"];
  if (!has(...by, "CHN") || !sector) return null;
  const changes: Change[] = [{ "export-curb": { by, to: "CHN", sectors: [sector], cut: "50%" } }];
  return { id: "chips", ...words.stories.chips, who: ["CHN", "USA"], scenario: { horizon: "short", changes } };
}

function border(): Story | null {
  const sectors = ["metals", "basic-metals", "plastics-minerals", "non-metallic-minerals", "minerals", "chemicals"]
    .concat(["utilities", "electricity"])
    .filter(isSector);
  const emitters = (world.value!.emissions?.regions ?? []).filter((code) => !membersOf("EU").includes(code));
  if (emitters.length === 0 || !has("EU") || sectors.length === 0) return null;
  const changes = [{ "carbon-border": { by: "EU", on: emitters, sectors, price: 80 } }] as unknown as Change[];
  const who = ["EU", "CHN", "RUS", "IND"].filter(isEconomy);
  return { id: "border", ...words.stories.border, who, scenario: { changes } };
}

/* The cap is the one of the law where a sector exceeds it, else a lower one, where there is a sector above that. */
export async function capStory(): Promise<Story | null> {
  if (!has("EU", "CHN") || membersOf("EU").includes("CHN")) return null;
  const { rows } = await get("exposure", { of: "EU", to: "CHN", table: "direct", year: year.peek() });
  const highest = Math.max(...rows.map((row) => Number(row["share_of_imports"] ?? 0)));
  const cap = highest > 0.65 ? 0.65 : 0.3;
  if (highest <= cap) return null;
  const { title, asked65, asked30 } = words.stories.cap;
  return {
    id: "cap",
    title: title(`${100 * cap}%`),
    asked: cap === 0.65 ? asked65 : asked30,
    who: ["EU", "CHN"],
    plan: { of: "EU", from: "CHN", cap, levers: ["tariff"], share: "imports", settings: { year: year.peek() } },
  };
}

/* The scenarios among the stories of the open world. */
export const stories = computed<Story[]>(() =>
  world.value ? [cars(), energy(), blocs(), chips(), border(), italy()].filter((story) => story !== null) : [],
);

/* ---- Answers ---- */

/* What is asked of the server. */
export type Asked = { scenario: Scenario; tables: string[] } | (Question & { tables: string[] });

export const askedOf = (story: Story): Asked =>
  story.plan
    ? { ...story.plan, tables: ["summary", "regions"] }
    : { scenario: documentOf(story.scenario!, year.value), tables: ["summary", "regions", "overview"] };

export const drawsOf = (story: Story): Draws | null =>
  story.scenario ? headlineDraws(documentOf(story.scenario, year.value)) : null;

interface Answers {
  told: Job<Asked, Told>;
  band: Job<Draws, { draws: Table }>;
}

const kept = new Map<string, Answers>();

/* The answers to a story, which stay while the page is open. */
export function answersOf({ id }: Story): Answers {
  let found = kept.get(id);
  if (!found) {
    found = {
      told: job<Asked, Told>((asked, solving) => solve("scenario" in asked ? "simulate" : "plan", asked, solving)),
      band: job<Draws, { draws: Table }>((asked, solving) => solve("draws", asked, solving)),
    };
    kept.set(id, found);
  }
  return found;
}
