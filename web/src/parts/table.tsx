/* A table of results: a heading a column, sorted by a click on it; a row can be chosen. */
import { useSignal } from "@preact/signals";
import type { Columns, Row } from "../api";
import { cellsOf, explanationOf, headingOf } from "../columns";
import { words } from "../words";
import { Info } from "./info";

interface Props {
  caption: string /* what the rows are, with unit and year; for screen readers */;
  rows: Row[];
  columns: Columns /* in their order */;
  names?: (column: string, text: string) => string /* what is shown for a code */;
  key_?: string /* the column by which rows are told apart, and chosen */;
  isTotal?: (row: Row) => boolean /* rows that sum up the others stay below them */;
  chosen?: string;
  choose?: (key: string) => void;
}

type Order = { column: string; down: boolean } | null;

function sorted(rows: Row[], order: Order, isTotal: (row: Row) => boolean): Row[] {
  if (!order) return rows;
  const { column, down } = order;
  const sign = down ? -1 : 1;
  return [...rows].sort((a, b) => {
    if (isTotal(a) !== isTotal(b)) return isTotal(a) ? 1 : -1;
    const [x, y] = [a[column], b[column]];
    if (typeof x === "number" && typeof y === "number") return sign * (x - y);
    return typeof x === "number"
      ? -1
      : typeof y === "number"
        ? 1
        : sign * String(x ?? "").localeCompare(String(y ?? ""));
  });
}

export function Results({
  caption,
  rows,
  columns,
  names = (_, text) => text,
  key_ = Object.keys(columns)[0]!,
  isTotal = () => false,
  chosen,
  choose,
}: Props) {
  const order = useSignal<Order>(null);
  const shown = Object.entries(columns).map(([name, column]) => ({
    name,
    column,
    heading: headingOf(column),
    read: cellsOf(column, name, rows),
  }));
  const turn = (column: string) => {
    const now = order.value;
    order.value =
      now?.column !== column
        ? { column, down: typeof rows[0]?.[column] === "number" }
        : now.down === (typeof rows[0]?.[column] === "number")
          ? { column, down: !now.down }
          : null;
  };
  const sortOf = (column: string) =>
    order.value?.column !== column ? undefined : order.value.down ? "descending" : "ascending";
  return (
    <div class="results" tabIndex={0} role="region" aria-label={caption}>
      <table>
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {shown.map(({ name, column, heading }) => (
              <th
                key={name}
                scope="col"
                aria-sort={sortOf(name)}
                title={explanationOf(column)}
                class={column.type === "text" ? "" : "number"}
              >
                <button type="button" onClick={() => turn(name)}>
                  {heading}
                </button>
                <Info about={name in words.terms ? name : column.heading} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted(rows, order.value, isTotal).map((row) => {
            const key = String(row[key_]);
            return (
              <tr
                key={key}
                class={`${choose ? "choosable" : ""}${isTotal(row) ? " total" : ""}`}
                aria-current={key === chosen ? "true" : undefined}
                onClick={choose ? () => choose(key) : undefined}
              >
                {shown.map(({ name, read }, i) => {
                  const value = row[name];
                  const text = names(name, read(value));
                  return i === 0 ? (
                    <th key={name} scope="row" title={text}>
                      {choose ? <button type="button">{text}</button> : text}
                    </th>
                  ) : (
                    <td key={name} class={typeof value === "number" ? (value < 0 ? "number negative" : "number") : ""}>
                      {text}
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
