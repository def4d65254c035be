/* The scenario: what `derisk simulate` reads as YAML (docs/simulate.md), here as the same document in JSON. */
import { computed } from "@preact/signals";
import { stringify } from "yaml";
import type { World } from "./api";
import { inHash } from "./hash";
import {
  anyOf,
  listOf,
  number,
  object,
  optional,
  oneOf,
  percentage,
  recordOf,
  text,
  truth,
  where,
  whole,
  type Schema,
} from "./schema";

export type Who = string | string[];

type Rate = string | number;
/* Keys that instruments share: flows between members of a group and at home too, what is left alone, and whether an
   earlier change of the same flows gives way. */
interface Inside {
  inside?: boolean | undefined;
  except?: Who | undefined;
  replace?: boolean | undefined;
}
export type Products = string | number | (string | number)[];
/* What goes on through third countries, and through which. */
interface Around {
  leakage?: Rate | undefined;
  through?: Who | undefined;
}
interface Inland extends Inside {
  domestic?: boolean | undefined;
  products?: Products | undefined;
}
/* A limit: a cut of the base volume, or the largest volume, as a part of the base ("50%") or in money. */
interface Limit {
  cut?: Rate | undefined;
  at?: Rate | undefined;
  rent?: string | undefined;
  together?: boolean | undefined;
}

export interface Tariff extends Inland, Around {
  by: Who;
  on: Who;
  sectors?: Who | undefined;
  rate?: Rate | undefined;
  add?: Rate | undefined;
  "at-most"?: Rate | undefined;
  "at-least"?: Rate | undefined;
  specific?: Rate | undefined;
  per?: string | undefined;
  price?: Rate | undefined;
}
export interface TradeCost extends Inland {
  by?: Who | undefined;
  on?: Who | undefined;
  between?: Who | undefined;
  and?: Who | undefined;
  sectors?: Who | undefined;
  times: number;
}
export interface Ban extends Inside, Around {
  products?: Products | undefined;
  "standard-error"?: Rate | undefined;
  by?: Who | undefined;
  on?: Who | undefined;
  between?: Who | undefined;
  and?: Who | undefined;
  sectors?: Who | undefined;
}
export interface Curb extends Inside, Limit {
  by: Who;
  to: Who;
  sectors?: Who | undefined;
}
export interface Quota extends Inside, Limit {
  by: Who;
  on: Who;
  sectors?: Who | undefined;
}
export interface Membership {
  region: string;
  group: string;
  "trade-cost": number;
  sectors?: Who | undefined;
  except?: Who | undefined;
  replace?: boolean | undefined;
}

export type Change =
  | { tariff: Tariff }
  | { "trade-cost": TradeCost }
  | { ban: Ban }
  | { "export-curb": Curb }
  | { quota: Quota }
  | { leave: Membership }
  | { join: Membership };
export type Kind = "tariff" | "trade-cost" | "ban" | "export-curb" | "quota" | "leave" | "join";

export interface Scenario {
  title?: string | undefined;
  year?: number | undefined;
  horizon?: string | undefined;
  model?: string | undefined;
  elasticity?: string | number | undefined;
  closure?: string | undefined;
  "rigid-wages"?: string | undefined;
  "thin-markets"?: Rate | undefined;
  scale?: string | number | undefined;
  entry?: string | undefined;
  "labour-supply"?: string | number | undefined;
  revenue?: string | undefined;
  overhead?: string | number | undefined;
  "pass-through"?: Rate | undefined;
  numeraire?: string | undefined;
  groups?: Record<string, Who> | undefined /* of one's own */;
  changes: Change[];
}

/* The kinds that have cards of their own, the likeliest first. */
export const KINDS: Kind[] = ["tariff", "export-curb", "trade-cost", "ban", "quota", "leave", "join"];

const MOST = 1e9; /* of a number that has no limit of its own */
const someone: Schema<Who> = anyOf(text, listOf(text));
const rate = anyOf(percentage(-100, MOST), number(-1, MOST));
const rent = optional(oneOf("exporter", "importer", "lost"));
const often = {
  sectors: optional(someone),
  inside: optional(truth),
  except: optional(someone),
  replace: optional(truth),
};
const word = anyOf(text, number(0, MOST)); /* a code that YAML takes for a number */
const products = optional<Products>(anyOf(word, listOf(word)));
const inland = { domestic: optional(truth), products };
const around = { leakage: optional(rate), through: optional(someone) };
const limit = {
  cut: optional(anyOf(percentage(0, 100), number(0, 1))),
  at: optional(anyOf(percentage(0, MOST), number(0, MOST))),
  rent,
  together: optional(truth),
};
const sides = { by: optional(someone), on: optional(someone), between: optional(someone), and: optional(someone) };
const membership = object<Membership>({
  region: text,
  group: text,
  "trade-cost": number(0, MOST),
  sectors: optional(someone),
  except: optional(someone),
  replace: optional(truth),
});

/* One way, or both. */
interface Ways {
  by?: Who | undefined;
  on?: Who | undefined;
  between?: Who | undefined;
  and?: Who | undefined;
}
const hasSides = ({ by, on, between, and }: Ways): boolean =>
  between === undefined && and === undefined
    ? by !== undefined && on !== undefined
    : by === undefined && on === undefined && between !== undefined && and !== undefined;

/* A tariff has one of these. */
export const RATES = ["rate", "add", "at-most", "at-least"] as const;

/* An instrument that the page knows from the server's description alone: instruments.ts checks its keys. */
const other = recordOf<string | number | boolean | string[]>(
  anyOf(anyOf(text, listOf(text)), anyOf(number(-MOST, MOST), truth)),
);

const bodies: { [K in Kind]: Schema<unknown> } = {
  tariff: where(
    object<Tariff>({
      by: someone,
      on: someone,
      rate: optional(rate),
      add: optional(rate),
      "at-most": optional(rate),
      "at-least": optional(rate),
      specific: optional(anyOf(text, number(-MOST, MOST))),
      per: optional(text),
      price: optional(anyOf(text, number(0, MOST))),
      ...often,
      ...inland,
      ...around,
    }),
    (body) => [...RATES, "specific" as const].filter((key) => body[key] !== undefined).length === 1,
  ),
  "trade-cost": where(object<TradeCost>({ ...sides, times: number(0, MOST), ...often, ...inland }), hasSides),
  ban: where(object<Ban>({ ...sides, products, "standard-error": optional(rate), ...often, ...around }), hasSides),
  "export-curb": where(
    object<Curb>({ by: someone, to: someone, ...limit, ...often }),
    ({ cut, at }) => cut === undefined || at === undefined,
  ),
  quota: where(
    object<Quota>({ by: someone, on: someone, ...limit, ...often }),
    ({ cut, at }) => cut === undefined || at === undefined,
  ),
  leave: membership,
  join: membership,
};

const change: Schema<Change> = (value): value is Change => {
  const [entry, ...more] = typeof value === "object" && value !== null ? Object.entries(value) : [];
  if (entry === undefined || more.length > 0) return false;
  return Object.hasOwn(bodies, entry[0]) ? bodies[entry[0] as Kind](entry[1]) : other(entry[1]);
};

export const scenarioSchema = object<Scenario>({
  title: optional(text),
  year: optional(whole(0, 9999)),
  horizon: optional(text),
  model: optional(text),
  elasticity: optional(anyOf(text, number(0, MOST))),
  closure: optional(text),
  "rigid-wages": optional(text),
  "thin-markets": optional(anyOf(percentage(0, 100), number(0, 1))),
  scale: optional(anyOf(text, number(0, MOST))),
  entry: optional(text),
  "labour-supply": optional(number(0, 10)),
  revenue: optional(text),
  overhead: optional(number(0, 0.9)),
  "pass-through": optional(anyOf(percentage(0, 100), number(0, 1))),
  numeraire: optional(text),
  groups: optional(recordOf(someone)),
  changes: listOf(change),
});

const none: Schema<null> = (value): value is null => value === null;

/* Nothing until the world is there to choose the example from. */
export const scenario = inHash<Scenario | null>("scenario", null, anyOf(none, scenarioSchema));

const listed = (who: Who | undefined): string[] => (who === undefined ? [] : [who].flat());

/* The economies and the sectors that a scenario names. */
export function namesIn(given: Scenario): { economies: string[]; sectors: string[] } {
  const found = given.changes.map((one) => bodyOf(one) as Record<string, Who | undefined>);
  const of = (keys: string[]) =>
    [...new Set(found.flatMap((body) => keys.flatMap((key) => listed(body[key]))))].filter((code) => code !== "all");
  return {
    economies: of(["by", "on", "between", "and", "to", "in", "from", "region", "group"]),
    sectors: of(["sectors"]),
  };
}

export const kindOf = (change: Change): Kind => Object.keys(change)[0] as Kind;
export const bodyOf = (change: Change): Record<string, unknown> => Object.values(change)[0];

/* The first scenario: a tariff that many readers know. */
export function exampleOf(world: World, of: string, to: string): Scenario {
  const wanted = ["electrical-optical", "transport-equipment"].filter((slug) =>
    world.sectors.some((s) => s.slug === slug),
  );
  const sectors = wanted.length > 0 ? wanted : ["all"];
  return { changes: [{ tariff: { by: of, on: to, sectors, rate: "25%" } }] };
}

/* The scenario as the server takes it and as a file says it, for a year of the world. */
export const documentOf = (given: Scenario, year: number): Scenario => {
  const { title, changes, groups, ...settings } = given;
  const filled = Object.entries(groups ?? {}).filter(([, who]) => listed(who).length > 0); /* others are being made */
  return {
    ...(title ? { title } : {}),
    year,
    ...settings,
    ...(filled.length > 0 ? { groups: Object.fromEntries(filled) } : {}),
    changes,
  };
};

/* Whether every change has its economies and its number: a new limit gets its own once the flow that it caps is
   known. */
export const isComplete = (given: Scenario): boolean =>
  given.changes.every((change) => {
    const limit = "quota" in change ? change.quota : "export-curb" in change ? change["export-curb"] : null;
    const isNamed = Object.values(bodyOf(change)).every((value) => !(Array.isArray(value) && value.length === 0));
    return isNamed && (limit === null || (limit.at ?? limit.cut) !== undefined);
  });

export const isActive = computed(() => (scenario.value?.changes.length ?? 0) > 0);

/* The scenario's file, which `derisk simulate WORLD FILE` runs to the same digits. */
export function yamlOf(document: Scenario): string {
  return stringify(document, { lineWidth: 0, collectionStyle: "any" });
}
