/* The game: the document that `derisk play` reads as YAML (docs/play.md), here in JSON, and the questions to the
   server. */
import { computed } from "@preact/signals";
import { stringify } from "yaml";
import { solve, type Row, type Solving, type Table } from "./api";
import { beside } from "./beside";
import { inHash } from "./hash";
import { job } from "./job";
import { settingsNow } from "./parts/horizon";
import { sectorsIn } from "./parts/sectors";
import { overlap } from "./pairs";
import type { Change } from "./scenario";
import {
  anyOf,
  anything,
  listOf,
  number,
  object,
  oneOf,
  optional,
  percentage,
  recordOf,
  text,
  truth,
  whole,
  where,
  type Schema,
} from "./schema";
import { certificate, checkNames, of, to, world } from "./state";
import { words } from "./words";

export interface Instrument {
  on?: string | undefined;
  to?: string | undefined;
  sectors?: string[] | undefined;
  least?: string | undefined;
  most?: string | undefined;
  at?: string | undefined;
  uniform?: boolean | undefined;
}
export type Aim = "welfare" | { less: string; weight: number } | { hinder: string; "at-least": string };
export interface Player {
  player: string;
  tariff?: Instrument | undefined;
  quota?: Instrument | undefined;
  "use-tax"?: Instrument | undefined;
  "export-tax"?: Instrument | undefined;
  "export-curb"?: Instrument | undefined;
  "production-tax"?: Instrument | undefined;
  aim?: Aim | undefined;
}
export type Tool = Exclude<keyof Player, "player" | "aim">;

/* Whom an instrument is aimed at, by the key that names them (nobody: it is on all purchases or sales of the player),
   and its bounds where a game gives none, in percent. */
export const TOOLS: Record<Tool, { whom?: "on" | "to"; least: string; most: string }> = {
  tariff: { whom: "on", least: "0", most: "200" },
  quota: { whom: "on", least: "0", most: "80" },
  "use-tax": { least: "0", most: "100" },
  "export-tax": { whom: "to", least: "0", most: "100" },
  "export-curb": { whom: "to", least: "0", most: "80" },
  "production-tax": { least: "0", most: "100" },
};

export type Kind = "nash" | "best-response" | "stackelberg" | "coercion" | "coalition" | "delay";

/* Games without players have the two economies of the other panels, and these fields. */
export interface Trial {
  sectors: string[];
  partners: string[];
  tariff: string;
  caps: string;
  "at-least": string;
}
const TRIAL: Trial = { sectors: [], partners: [], tariff: "25%", caps: "35%, 30%, 25%, 20%", "at-least": "18%" };

const TOOL_KEYS = Object.keys(TOOLS) as Tool[];

const rate = percentage(-100, 1e6);
const instrument = object<Instrument>({
  on: optional(text),
  to: optional(text),
  sectors: optional(listOf(text)),
  least: optional(rate),
  most: optional(rate),
  at: optional(rate),
  uniform: optional(truth),
});
const aim = anyOf(
  oneOf("welfare"),
  anyOf(
    object<{ less: string; weight: number }>({ less: text, weight: number(0, 1e6) }),
    object<{ hinder: string; "at-least": string }>({ hinder: text, "at-least": rate }),
  ),
);
const some = listOf(
  object<Player>({
    player: text,
    tariff: optional(instrument),
    quota: optional(instrument),
    "use-tax": optional(instrument),
    "export-tax": optional(instrument),
    "export-curb": optional(instrument),
    "production-tax": optional(instrument),
    aim: optional(aim),
  }),
);
/* None: those who are looked at; a game has at least two. */
const players_ = where(some, (all) => all.length !== 1);

export const kind = inHash<Kind>(
  "play.kind",
  "nash",
  oneOf("nash", "best-response", "stackelberg", "coercion", "coalition", "delay"),
);
export const chosen = inHash("play.chosen", 0, whole(0, 99)); /* who leads, or responds */
const given = inHash<Player[]>("play.players", [], players_);
export const trial = inHash<Trial>(
  "play.trial",
  TRIAL,
  object<Trial>({ sectors: listOf(text), partners: listOf(text), tariff: rate, caps: text, "at-least": rate }),
);

/* Until somebody chooses: those who are looked at, each with one tariff on the other. */
export const players = computed<Player[]>(() =>
  given.value.length > 0
    ? given.value
    : [
        { player: of.value, tariff: { on: to.value, uniform: true } },
        { player: to.value, tariff: { on: of.value, uniform: true } },
      ],
);
checkNames("play", () => {
  const tools = given.value.flatMap((player) => TOOL_KEYS.flatMap((tool) => player[tool] ?? []));
  const aims = given.value.flatMap(({ aim: wanted }) =>
    typeof wanted === "object" ? ["less" in wanted ? wanted.less : wanted.hinder] : [],
  );
  return {
    economies: [
      ...given.value.map(({ player }) => player),
      ...tools.flatMap(({ on, to: onto }) => [on ?? [], onto ?? []].flat()),
      ...aims,
      ...trial.value.partners,
    ],
    sectors: [...tools.flatMap(({ sectors }) => sectors ?? []), ...trial.value.sectors],
  };
});
export const setPlayers = (to_: Player[]): void => {
  given.value = to_;
};
export const setPlayer = (at: number, more: Player): void =>
  setPlayers(players.value.map((old, i) => (i === at ? more : old)));

export const hasPlayers = (play: Kind): boolean =>
  play === "nash" || play === "best-response" || play === "stackelberg";

/* Somebody who plays in no role yet. */
export function newcomer(): Player {
  const free = (code: string) => players.value.every(({ player }) => !overlap(player, code));
  const w = world.value!;
  const code =
    [...["USA", "CHN", "JPN", "IND", "GBR"], ...w.regions.map((r) => r.code)].find(
      (c) => w.regions.some((r) => r.code === c) && free(c),
    ) ?? w.regions[0]!.code;
  return { player: code, tariff: { on: players.value[0]!.player, uniform: true } };
}

const others = (): string[] =>
  ["USA", "JPN", "KOR", "IND", "BRA", "CAN", "AUS", "MEX"].filter(
    (code) => world.value!.regions.some((r) => r.code === code) && !overlap(code, of.value) && !overlap(code, to.value),
  );
export const partners = computed(() => (trial.value.partners.length > 0 ? trial.value.partners : others()));

export type Document = Record<string, unknown>;
export const playOf = (document: Document): Kind => document["play"] as Kind;
export const isOfPlayers = (document: Document): boolean => hasPlayers(playOf(document));

function trialOf(play: Kind): Document {
  const { sectors, tariff, caps, "at-least": least } = trial.value;
  const some = sectors.length > 0 ? { sectors } : {};
  if (play === "coercion") return { of: of.value, by: to.value, ...some };
  if (play === "coalition") return { of: of.value, against: to.value, partners: partners.value, tariff, ...some };
  return { of: of.value, by: to.value, caps: caps.split(/[\s,;]+/).filter(Boolean), "at-least": least, ...some };
}

function roles(play: Kind): Document {
  const name = players.value[Math.min(chosen.value, players.value.length - 1)]!.player;
  return play === "stackelberg"
    ? { leader: name }
    : play === "best-response" && players.value.length > 1
      ? { responds: name }
      : {};
}

/* The document, with its settings: `derisk play WORLD FILE` gives the same. */
export const game = computed<Document>(() => ({
  ...settingsNow(),
  play: kind.value,
  ...(hasPlayers(kind.value) ? { ...roles(kind.value), players: players.value } : trialOf(kind.value)),
}));

export const yamlOfGame = (document: Document): string => stringify(document, { lineWidth: 0 });

export interface Question {
  game: Document;
  starts?: number | undefined;
}
export interface Outcome {
  outcome: Table;
  settings?: Table;
  regions?: Table;
}

const ask = (question: Question, solving: Solving): Promise<Outcome> => solve("play", question, solving);

export const question = computed<Question>(() => ({ game: game.value }));
export const play = job<Question, Outcome>(ask);

const asked: Schema<Question> = object<Question>({ game: recordOf(anything), starts: optional(whole(1, 100)) });
export const kept = beside<Question, Outcome>("play.beside", asked, ask);

export async function run(): Promise<void> {
  await play.start(question.value);
  const found = play.answer.value?.value.outcome.certificate;
  if (found) certificate.value = found;
}

/* ---- The policies of an outcome as changes of a scenario ---- */

/* A sector that the game names "all" is all those that the player's instrument is about, goods by default. */
function changeOf(row: Row, tool: Instrument, name: Tool): Change {
  const [by, whom, rate_] = [String(row["player"]), String(row["with"]), `${Number(row["rate"])}%`];
  const isOne = row["sector"] === "all";
  const sectors = isOne ? (tool.sectors ?? sectorsIn([])) : [String(row["sector"])];
  const limit = { sectors, cut: rate_, ...(isOne ? { together: true } : {}) };
  if (name === "tariff") return { tariff: { by, on: whom, sectors, add: rate_ } };
  if (name === "quota")
    /* one limit on all flows is the language's for sellers; its rent stays with the buyer */
    return isOne
      ? { "export-curb": { by: whom, to: by, ...limit, rent: "importer" } }
      : { quota: { by, on: whom, ...limit, rent: "importer" } };
  if (name === "export-curb") return { "export-curb": { by, to: whom, ...limit } };
  if (name === "export-tax") return { "export-tax": { by, to: whom, sectors, rate: rate_ } } as unknown as Change;
  return { [name]: { in: by, sectors, rate: rate_ } } as unknown as Change;
}

export function changesOfGame(document: Document, rows: Row[]): Change[] {
  const all = (document["players"] ?? []) as Player[];
  return rows.flatMap((row) => {
    const name = String(row["instrument"]).replaceAll(" ", "-") as Tool;
    const tool = all.find(({ player }) => player === row["player"])?.[name];
    return tool && typeof row["rate"] === "number" && row["rate"] !== 0 ? [changeOf(row, tool, name)] : [];
  });
}

/* ---- Best responses ---- */

/* By how much a player's rates differ where it alone moves: rows player, instrument, with, sector, rate, alone; and,
   where two have one rate each, what each answers to the rates of the other. */
export interface Responses {
  rows: Row[];
  curves: Row[];
}
interface RespondQuestion {
  game: Document;
  settings: Row[];
}

const STEPS = 6;
const percentOf = (text: string | undefined, fallback: number): number =>
  text ? Number(text.replace("%", "")) : fallback;
const toolsOf = (player: Player): Tool[] => TOOL_KEYS.filter((tool) => player[tool]);
const isSingle = (all: Player[]): boolean =>
  all.length === 2 && all.every((p) => toolsOf(p).length === 1 && p[toolsOf(p)[0]!]!.uniform);

const answerOf = async (document: Document, who: string, all: Player[], solving: Solving): Promise<Row[]> => {
  const { leader: _, ...rest } = document;
  const found = await ask(
    { starts: 1, game: { ...rest, play: "best-response", ...(all.length > 1 ? { responds: who } : {}), players: all } },
    { ...(solving.signal ? { signal: solving.signal } : {}) },
  );
  return found.settings!.rows.filter((row) => row["player"] === who);
};

const withRate = (player: Player, at: number): Player => {
  const tool = toolsOf(player)[0]!;
  return { ...player, [tool]: { ...player[tool], at: `${+at.toPrecision(12)}%` } };
};

async function respond(
  { game: document, settings }: RespondQuestion,
  { signal, progress }: Required<Solving>,
): Promise<Responses> {
  const all = document["players"] as Player[];
  const steps = isSingle(all) ? STEPS : 0;
  let done = 0;
  const step = () => progress({ what: words.playing.responding, done: done++, all: all.length * (1 + steps) });
  const rows: Row[] = [];
  for (const { player } of all) {
    step();
    const alone = await answerOf(document, player, all, { signal });
    const own = settings.filter((row) => row["player"] === player);
    for (const [i, { instrument, with: partner, sector, rate }] of own.entries()) {
      const best = alone[i]?.["rate"] ?? null;
      rows.push({ player, instrument: instrument!, with: partner!, sector: sector!, alone: best, rate: rate! });
    }
  }
  const curves: Row[] = [];
  for (const [i, mover] of steps > 0 ? all.entries() : []) {
    const answers = all[1 - i]!;
    const tool = mover[toolsOf(mover)[0]!]!;
    const end = Number(settings.find((row) => row["player"] === mover.player)!["rate"]);
    const least = percentOf(tool.least, 0);
    const most = Math.min(percentOf(tool.most, 200), Math.max(2 * end, least + 10));
    for (let j = 0; j < steps; j++) {
      step();
      const at = least + ((most - least) * j) / (steps - 1);
      const found = await answerOf(
        document,
        answers.player,
        all.map((p) => (p === mover ? withRate(p, at) : p)),
        { signal },
      );
      curves.push({ mover: mover.player, at, player: answers.player, rate: found[0]!["rate"]! });
    }
  }
  return { rows, curves };
}

export const responses = job<RespondQuestion, Responses>(respond);
