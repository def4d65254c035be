/* What Ties asks and shows: the choices, the questions to the server, and what is made of the answers. After the levers
   there may be two worlds: under A, the scenario of Levers, and under B, the one that it is compared with. */
import { computed } from "@preact/signals";
import { get, singles, solve, type Column, type Columns, type Query, type Row, type Table } from "./api";
import { columnsOf } from "./columns";
import { percent, share } from "./format";
import { inHash } from "./hash";
import { between, overlap, pairsOf } from "./pairs";
import { restOfWorld, type Colouring } from "./parts/worldmap";
import { documentOf, isActive, isComplete, scenario, type Scenario } from "./scenario";
import { oneOf, truth } from "./schema";
import { other } from "./shelf";
import { membersOf, of, others, sector, to, world, year } from "./state";
import { words } from "./words";

export const measure = inHash<string>("ties.measure", "gross", oneOf("gross", "value-added", "look-through"));
export const way = inHash<string>("ties.way", "imports", oneOf("imports", "exports")); /* what the map shows */
export const after = inHash("ties.after", false, truth); /* what the scenario makes of it */
export const whose = inHash<string>("ties.whose", "a", oneOf("a", "b", "difference")); /* scenario that is */
export const gap = inHash<string>("ties.gap", "", oneOf("", "year", "sector"));

const hasOther = computed(() => (other.value?.changes.length ?? 0) > 0);

/* The world that is shown: the base, that under A or B, or A less B. */
export type View = "base" | "a" | "b" | "difference";
export const view = computed<View>(() => {
  if (!after.value || !isActive.value) return "base";
  return hasOther.value ? (whose.value as View) : "a";
});
export const views = (): View[] => ["base", "a", ...(hasOther.value ? (["b", "difference"] as const) : [])];
export const setView = (wanted: string): void => {
  after.value = wanted !== "base";
  if (wanted !== "base") whose.value = wanted;
};

export const isAfter = computed(() => view.value !== "base");
export const isDifference = computed(() => view.value === "difference");
export const isGross = computed(() => isAfter.value || measure.value === "gross");
export const isLookThrough = computed(() => !isAfter.value && measure.value === "look-through");
export const sectors = computed(() => (isAfter.value || isLookThrough.value ? "all" : sector.value));

/* ---- Questions ---- */

const queryOfTies = (): Query => ({
  year: year.value,
  sectors: sectors.value === "all" ? undefined : sectors.value,
  measure: isGross.value ? "gross" : "value-added",
});

export const askPairs = (signal_: AbortSignal): Promise<Table> | null =>
  isAfter.value ? null : get("ties", queryOfTies(), signal_);

/* After the levers all four cards are of one solve, or of two. */
export interface After {
  ties: Table;
  tie?: Table;
}

const solveAfter = (document: Scenario, signal_: AbortSignal): Promise<After> =>
  solve<After>(
    "simulate",
    {
      scenario: documentOf(document, year.value),
      tables: ["ties"],
      ...(overlap(of.value, to.value) ? {} : { tie: { of: of.value, with: to.value } }),
    },
    { signal: signal_ },
  );

export function askAfter(signal_: AbortSignal): Promise<After> | null {
  const a = view.value === "b" ? null : scenario.value;
  const b = view.value === "a" ? null : other.value;
  const wanted = [a, b].filter((one) => one !== null);
  if (!isAfter.value || wanted.length === 0 || !wanted.every(isComplete)) return null;
  const solved = Promise.all(wanted.map((one) => solveAfter(one, signal_)));
  return solved.then(([first, second]) => (second ? differenceOf(first!, second) : first!));
}

export const askHidden = (signal_: AbortSignal): Promise<Table> | null =>
  isLookThrough.value ? get("exposure", { of: of.value, table: "hidden", year: year.value }, signal_) : null;

/* The table that a card shows, with the columns of the question that it answers. */
export interface Shown {
  table: Table;
  columns: Columns;
}

const COLUMNS: Record<string, string[]> = {
  gross: ["sector", "imports_from", "share_of_imports", "share_of_use", "exports_to", "share_of_exports"],
  "value-added": ["sector", "value_added_exports", "value_added_imports", "value_added_balance", "balance"],
  "look-through": ["sector", "inputs", "direct_share_of_inputs", "direct_share_of_upstream_output"].concat([
    "indirect_share_of_upstream_output",
    "total_share_of_upstream_output",
    "total_over_direct",
    "third_country_share_of_total",
  ]),
  after: ["sector", "imports_from", "imports_from_new", "imports_from_change", "share_of_imports"].concat([
    "share_of_imports_new",
    "exports_to",
    "exports_to_new",
    "exports_to_change",
  ]),
  apart: ["sector", "imports_a", "imports_b", "imports_difference"].concat([
    "exports_a",
    "exports_b",
    "exports_difference",
  ]),
};

export const shownOf = (table: Table, kind: string): Shown => ({ table, columns: columnsOf(table, ...COLUMNS[kind]!) });

export function askTie(signal_: AbortSignal): Promise<Shown> | null {
  if (isAfter.value || overlap(of.value, to.value)) return null;
  const query = { of: of.value, year: year.value };
  const name = measure.value;
  const answer =
    name === "value-added"
      ? get("balance", { ...query, with: to.value, by: "sector", "value-added": true }, signal_)
      : get("exposure", { ...query, to: to.value, table: name === "gross" ? "direct" : "hidden" }, signal_);
  return answer.then((table) => shownOf(table, name));
}

export const byYear = (): boolean =>
  !isAfter.value && (gap.value || (world.value!.years.length > 1 ? "year" : "sector")) === "year";

/* A balance, and what is drawn of it: bars of one column, and dots of another. */
export interface Gaps {
  table: Table;
  years: boolean;
  bars: string;
  dots: string | null;
}

export function askGap(signal_: AbortSignal): Promise<Gaps> | null {
  if (isAfter.value || overlap(of.value, to.value)) return null;
  const [years, added] = [byYear(), measure.value === "value-added"];
  const query = { of: of.value, with: to.value, by: years ? "year" : "sector", "value-added": added };
  return get("balance", years ? query : { ...query, year: year.value }, signal_).then((table) => ({
    table,
    years,
    bars: added ? "value_added_balance" : "balance",
    dots: added ? "balance" : null,
  }));
}

/* ---- A less B ---- */

const byKey = (rows: Row[], key: (row: Row) => string): Map<string, Row> => new Map(rows.map((row) => [key(row), row]));

/* What a value is under A, under B, and the difference of the two. */
function apart(a: Row, b: Row | undefined, column: string, name: string): Row {
  const [mine, theirs] = [a[column], b?.[column]];
  const both = typeof mine === "number" && typeof theirs === "number";
  return {
    [`${name}_a`]: mine ?? null,
    [`${name}_b`]: theirs ?? null,
    [`${name}_difference`]: both ? mine - theirs : null,
  };
}

/* The columns of `apart`, made of that of the flow. */
function apartColumns(column: Column, name: string): Columns {
  const under = (scenario: string): Column => ({ ...column, heading: words.ties.under(column.heading, scenario) });
  return {
    [`${name}_a`]: under(words.levers.a),
    [`${name}_b`]: under(words.levers.b),
    [`${name}_difference`]: under(words.levers.aLessB),
  };
}

const apartOf = (columns: Columns): Columns => ({
  sector: columns["sector"]!,
  ...apartColumns(columns["imports_from"]!, "imports"),
  ...apartColumns(columns["exports_to"]!, "exports"),
});

/* Flows have what they are under A as `new`, under B as `other`, and the base of both. */
export function differenceOf(a: After, b: After): After {
  const pair = (row: Row) => `${String(row["exporter"])}>${String(row["importer"])}`;
  const flows = byKey(b.ties.rows, pair);
  const ties = a.ties.rows.map((row) => ({ ...row, other: flows.get(pair(row))?.["new"] ?? null }));
  const sector_ = (row: Row) => String(row["sector"]);
  const rows = byKey(b.tie?.rows ?? [], sector_);
  const tie = a.tie?.rows.map((row) => {
    const there = rows.get(sector_(row));
    return {
      sector: row["sector"]!,
      ...apart(row, there, "imports_from_new", "imports"),
      ...apart(row, there, "exports_to_new", "exports"),
      balance_a: row["balance_new"] ?? null,
      balance_b: there?.["balance_new"] ?? null,
    };
  });
  return {
    ties: { ...a.ties, rows: ties },
    ...(a.tie && tie ? { tie: { ...a.tie, columns: apartOf(a.tie.columns), rows: tie } } : {}),
  };
}

/* ---- What is made of the answers ---- */

/* The columns of flows: what they are, and what they were or are in the other world. */
export const nowColumn = (): string => (isAfter.value ? "new" : "value");
export const wasColumn = (): string => (isDifference.value ? "other" : "base");

/* By partner: the value, and its share in all that the economy buys (or sells). */
export function partners(rows: Row[], column: string): Map<string, { value: number; share: number }> {
  const pairs = pairsOf(rows, column);
  const own = new Set(membersOf(of.value));
  const sums = new Map<string, number>();
  for (const { code } of world.value!.regions)
    if (!own.has(code))
      sums.set(code, way.value === "imports" ? between(pairs, code, of.value) : between(pairs, of.value, code));
  const all = [...sums.values()].reduce((a, b) => a + b, 0);
  return new Map([...sums].map(([code, value]) => [code, { value, share: all > 0 ? value / all : 0 }]));
}

/* Percent of the base, or of what they are under B. */
function changed(rows: Row[]): [string, number][] {
  const [was, now] = [partners(rows, wasColumn()), partners(rows, nowColumn())];
  return [...was].flatMap(([code, { value }]) =>
    value > 0 ? [[code, 100 * (now.get(code)!.value / value - 1)] as [string, number]] : [],
  );
}

function valuesOf(pairs: Table | null, hidden: Table | null): [string, number][] {
  if (isLookThrough.value)
    return (hidden ? singles(hidden) : []).map((row) => [
      String(row["supplier"]),
      Number(row["total_share_of_upstream_output"]),
    ]);
  if (!pairs) return [];
  if (isAfter.value) return changed(pairs.rows);
  return [...partners(pairs.rows, "value")].map(([code, found]) => [code, found.share]);
}

export function colouring(pairs: Table | null, hidden: Table | null): Colouring {
  const own = membersOf(of.value).map((code): [string, "own"] => [code, "own"]);
  const inOwn = new Set(membersOf(of.value));
  const values = new Map<string, number | "own">([
    ...own,
    ...valuesOf(pairs, hidden).filter(([code]) => !inOwn.has(code)),
  ]);
  return isAfter.value
    ? { values, text: percent, both: true }
    : { values, text: share, both: false, apart: restOfWorld() };
}

/* The economies of the picture of flows. */
export const chosen = computed(() =>
  [of.value, to.value, ...others.value].filter((code, i, all) => code && all.indexOf(code) === i),
);
