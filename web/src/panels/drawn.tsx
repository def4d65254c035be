/* The bands of the draws, by economy, as a picture or a table; those of B beside them. */
import * as Plot from "@observablehq/plot";
import { useComputed } from "@preact/signals";
import type { Column, Columns, Row, Table } from "../api";
import { bands, drawn, otherBands, question } from "../bands";
import { atMost } from "../format";
import { inHash } from "../hash";
import { Card } from "../parts/card";
import { Chart } from "../parts/chart";
import { Segments, Select } from "../parts/controls";
import { Results } from "../parts/table";
import { titleOf } from "../phrases";
import { oneOf, text } from "../schema";
import { other } from "../shelf";
import { changeName, checkChange, isSmall, nameOf, world, year } from "../state";
import { words } from "../words";

const what = inHash("sure.what", "welfare", text);
checkChange("sure.what", what);
const view = inHash<string>("sure.view", "bars", oneOf("bars", "table"));

/* By economy: what the model says at the estimates, and the draws. */
export const banded = (table: Table): Row[] =>
  table.rows.map((row) => ({
    region: row["region"]!,
    estimate: row[what.value] ?? null,
    low: row[`${what.value}_p5`] ?? null,
    median: row[`${what.value}_median`] ?? null,
    high: row[`${what.value}_p95`] ?? null,
  }));

/* The same of B, and the difference of the estimates. */
function beside(rows: Row[], others: Row[]): Row[] {
  const there = new Map(others.map((row) => [row["region"], row]));
  return rows.map((row) => {
    const found = there.get(row["region"]!);
    const [a, b] = [row["estimate"], found?.["estimate"]];
    return {
      ...row,
      other_estimate: b ?? null,
      other_low: found?.["low"] ?? null,
      other_high: found?.["high"] ?? null,
      difference: typeof a === "number" && typeof b === "number" ? a - b : null,
    };
  });
}

const signOf = ({ low, high }: Row): string =>
  Number(low) > 0 ? "var(--gain)" : Number(high) < 0 ? "var(--loss)" : "var(--soft)";

const name = (row: Row): string => nameOf(String(row["region"]));

const marksOf = (rows: Row[]): Plot.Markish[] => [
  Plot.ruleY(rows, { y: name, x1: "low", x2: "high", stroke: signOf, strokeWidth: 7, strokeOpacity: 0.45 }),
  Plot.tickX(rows, { y: name, x: "median", stroke: "var(--ink)", strokeWidth: 1.5, insetTop: 3, insetBottom: 3 }),
  Plot.dot(rows, { y: name, x: "estimate", fill: signOf, stroke: "var(--surface)", r: 4.5 }),
];

const BELOW = 8; /* pixels from the band of A to that of B */

const otherMarks = (rows: Row[]): Plot.Markish[] => [
  Plot.ruleY(rows, { y: name, x1: "low", x2: "high", stroke: "var(--ink)", strokeWidth: 2, dy: BELOW }),
  Plot.dot(rows, { y: name, x: "estimate", fill: "var(--surface)", stroke: "var(--ink)", r: 3, dy: BELOW }),
];

function bandOptions(rows: Row[], others: Row[]): (width: number, height: number) => Plot.PlotOptions {
  const size = (row: Row) => Math.max(Math.abs(Number(row["low"])), Math.abs(Number(row["high"])));
  return (width, height) => {
    const shown = [...rows]
      .sort((a, b) => size(b) - size(a))
      .slice(0, Math.max(4, Math.floor((height - 40) / (others.length > 0 ? 26 : 18))))
      .sort((a, b) => Number(b["estimate"]) - Number(a["estimate"]));
    const names = new Set(shown.map(name));
    return {
      style: { background: "none", color: "var(--ink)", fontSize: "11.5px" },
      height: Math.min(height, shown.length * 28 + 44),
      marginLeft: Math.min(150, width / 3),
      marginRight: 16,
      marginTop: 4,
      marginBottom: 24,
      x: {
        label: null,
        grid: true,
        ticks: width < 420 ? 3 : 7,
        tickFormat: (x: number) => `${atMost(x, 4)}%`,
      },
      y: { label: null, domain: shown.map(name), tickSize: 0 },
      marks: [
        Plot.ruleX([0], { stroke: "var(--soft)" }),
        ...marksOf(shown),
        ...otherMarks(others.filter((row) => names.has(name(row)))),
      ],
    };
  };
}

function Choices({ columns }: { columns: string[] }) {
  return (
    <div class="row">
      {columns.length > 0 && (
        <Select
          label={words.page.shown}
          hidden
          value={what.value}
          choose={(column) => {
            what.value = column;
          }}
        >
          {columns.map((column) => (
            <option key={column} value={column}>
              {changeName(column)}
            </option>
          ))}
        </Select>
      )}
      <Segments
        label={words.page.shownAs}
        hidden
        value={view.value}
        choose={(value) => {
          view.value = value;
        }}
        choices={[
          { value: "bars", label: words.page.picture },
          { value: "table", label: words.page.table },
        ]}
      />
    </div>
  );
}

/* The columns of the draws without the name of the change, which stands above the table. */
function bandColumns({ columns }: Table): Columns {
  const of = (ending: string): Column => {
    const column = columns[`${what.value}_${ending}`]!;
    return { ...column, heading: column.heading.replace(`${columns[what.value]!.heading}, `, "") };
  };
  return {
    region: columns["region"]!,
    estimate: { ...columns[what.value]!, heading: words.sure.estimate },
    low: of("p5"),
    median: of("median"),
    high: of("p95"),
  };
}

function besideColumns(table: Table): Columns {
  const { region, median: _, ...bands } = bandColumns(table);
  const under = (scenario: string, column: Column): Column => ({
    ...column,
    heading: words.sure.under(scenario, column.heading),
  });
  const named = (scenario: string, prefix: string): Columns =>
    Object.fromEntries(Object.entries(bands).map(([name, column]) => [prefix + name, under(scenario, column)]));
  return {
    region: region!,
    ...named(words.levers.a, ""),
    ...named(words.levers.b, "other_"),
    difference: {
      ...under(words.levers.aLessB, { ...table.columns[what.value]!, heading: words.sure.estimate }),
      description: words.sure.noDifference,
    },
  };
}

function BandTable({ table, rows, others }: { table: Table; rows: Row[]; others: Row[] }) {
  return (
    <Results
      caption={table.title}
      rows={others.length > 0 ? beside(rows, others) : rows}
      columns={others.length > 0 ? besideColumns(table) : bandColumns(table)}
      names={(column, text) => (column === "region" ? nameOf(text) : text)}
    />
  );
}

export function Bands() {
  const table = bands.value ?? drawn.answer.value?.value.draws ?? null;
  const rows = useComputed(() => (table ? banded(table) : []));
  const others = otherBands.value ? banded(otherBands.value) : [];
  const title = words.sure.title(changeName(what.value));
  const columns = Object.keys(world.value!.changes).filter(
    (column) => table?.rows[0] && `${column}_p5` in table.rows[0],
  );
  return (
    <Card
      box="bands"
      title={title}
      detail={words.sure.detail(year.value)}
      beside={<Choices columns={columns} />}
      standing={{
        has: table !== null,
        waiting: drawn.busy.value,
        old: table !== null && !drawn.answers(question.value) ? words.sure.earlier : undefined,
        empty: isSmall.value ? "" : words.large.draw,
      }}
    >
      {table && view.value === "bars" && (
        <Chart label={title} picture="bands" options={bandOptions(rows.value, others)} />
      )}
      {table && view.value === "table" && <BandTable table={table} rows={rows.value} others={others} />}
      <p class="soft">
        {words.sure.key} {others.length > 0 && other.value && words.sure.keyOther(titleOf(other.value))}
      </p>
    </Card>
  );
}
