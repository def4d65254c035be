/* Columns of tables as the program describes them: their headings, what they are, and how their cells are read. */
import type { Column, Columns, Row, Table, Value } from "./api";
import { count, decimals, money, percent, plain, share } from "./format";

/* A heading stands by itself, with a capital. */
export const headingOf = ({ heading }: Column): string => heading.charAt(0).toUpperCase() + heading.slice(1);

/* What the column is, where the heading leaves that open. */
export const explanationOf = ({ heading, description }: Column): string | undefined =>
  description === heading ? undefined : description;

/* Those of a table's columns, in this order; what it lacks, or has nothing in, is left out. */
export function columnsOf({ columns, rows }: Table, ...names: string[]): Columns {
  const has = (name: string): boolean =>
    name in columns && (rows.length === 0 || rows.some((row) => row[name] !== undefined && row[name] !== null));
  return Object.fromEntries(names.filter(has).map((name) => [name, columns[name]!]));
}

const LEAST = 0.01; /* percent: columns of less than that are read with four decimals */

/* A column with losses shows a plus before gains; a tariff, or a cost, has no sign. */
function percentReader(values: number[]): (value: number) => string {
  const largest = Math.max(...values.map(Math.abs), 0);
  if (largest > 0 && largest < LEAST) return (value) => `${decimals(value, 4)}%`;
  return values.some((value) => value < 0) ? percent : (value) => share(value / 100);
}

/* A year is 2011. */
const whole = (value: number): string => (value >= 0 && value < 10000 ? String(value) : count(value));

function numberReader({ type }: Column, values: number[]): (value: number) => string {
  if (type === "share") return share;
  if (type === "percent") return percentReader(values);
  return type === "count" ? whole : type === "number" ? plain : money;
}

/* How the cells of a column are read as text: alike in all of the rows. */
export function cellsOf(column: Column, name: string, rows: Row[]): (value: Value | undefined) => string {
  const values = rows.flatMap((row) => (typeof row[name] === "number" ? [row[name]] : []));
  const read = numberReader(column, values);
  return (value) =>
    value === null || value === undefined ? "" : typeof value === "number" ? read(value) : String(value);
}
