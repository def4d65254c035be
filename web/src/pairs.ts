/* Trade between regions, added up to what groups buy of each other. */
import type { Row } from "./api";
import { membersOf } from "./state";

/* column(exporter, importer): the value of a column for a pair of regions, 0 where there is none. */
export type Pairs = (exporter: string, importer: string) => number;

export function pairsOf(rows: Row[], column: string): Pairs {
  const found = new Map<string, number>();
  for (const row of rows) found.set(`${row["exporter"]}>${row["importer"]}`, Number(row[column]));
  return (exporter, importer) => found.get(`${exporter}>${importer}`) ?? 0;
}

/* Exports of the regions of one side to those of the other. */
export function between(pairs: Pairs, exporter: string, importer: string): number {
  let sum = 0;
  for (const from of membersOf(exporter))
    for (const onto of membersOf(importer)) if (from !== onto) sum += pairs(from, onto);
  return sum;
}

export const overlap = (a: string, b: string): boolean => membersOf(a).some((member) => membersOf(b).includes(member));
