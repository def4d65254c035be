/* The columns of rows, for files that have a type for each: numbers, or texts. */
import type { Row, Value } from "../api";

export interface Column {
  name: string;
  isNumber: boolean;
  values: (Value | undefined)[];
}

/* A column of nothing but missing values is one of texts. */
export function columnsIn(rows: Row[]): Column[] {
  const names = Object.keys(rows[0] ?? {});
  return names.map((name) => {
    const values = rows.map((row) => row[name]);
    const found = values.filter((value) => value !== null && value !== undefined);
    return { name, values, isNumber: found.length > 0 && found.every((value) => typeof value === "number") };
  });
}
