/* The balance of an economy with its partner, by sector or over the years of the world. */
import * as Plot from "@observablehq/plot";
import type { Answer } from "../answers";
import { singles, type Row, type Table } from "../api";
import { clipped, money } from "../format";
import { Card, type Standing } from "../parts/card";
import { Chart } from "../parts/chart";
import { Segments } from "../parts/controls";
import { nameOf, of, sectorName, to, unitAndYear, world } from "../state";
import { byYear, gap, isAfter, isDifference, measure, type Gaps } from "../tied";
import { words } from "../words";

type Sizes = (width: number, height: number) => Plot.PlotOptions;

const common = { style: { background: "none", color: "var(--soft)", fontSize: "11px" } };

function yearOptions({ table, bars: value, dots }: Gaps): Sizes {
  const colour = (row: Row) => (Number(row[value]) < 0 ? "var(--loss)" : "var(--gain)");
  return () => ({
    ...common,
    marginLeft: 62,
    marginBottom: 24,
    x: { label: null, tickFormat: (y: number) => String(y), ticks: Math.min(table.rows.length, 8) },
    y: { label: null, grid: true, tickFormat: money },
    marks: [
      Plot.rectY(table.rows, {
        x1: (r: Row) => Number(r["year"]) - 0.4,
        x2: (r: Row) => Number(r["year"]) + 0.4,
        y: value,
        fill: colour,
      }),
      Plot.ruleY([0], { stroke: "var(--soft)" }),
      ...(dots
        ? [Plot.dot(table.rows, { x: (r: Row) => Number(r["year"]), y: dots, fill: "var(--ink)", r: 2.5 })]
        : []),
    ],
  });
}

const LEFT = 150; /* for the names of sectors */
const LINE = 17;

function sectorOptions({ table, bars: value, dots }: Gaps): Sizes {
  const colour = (row: Row) => (Number(row[value]) < 0 ? "var(--loss)" : "var(--gain)");
  const size = (row: Row) => Math.max(Math.abs(Number(row[value])), dots ? Math.abs(Number(row[dots])) : 0);
  const name = (row: Row) => sectorName(String(row["sector"]));
  return (width, height) => {
    const fit = Math.max(3, Math.floor((height - 24) / LINE));
    const rows = [...singles(table)].sort((a, b) => size(b) - size(a)).slice(0, fit);
    const left = Math.min(LEFT, width / 3);
    return {
      ...common,
      marginLeft: left,
      marginTop: 2,
      marginBottom: 22,
      marginRight: 8,
      x: {
        label: null,
        grid: true,
        inset: 4,
        ticks: Math.floor((width - left) / 64),
        tickFormat: money,
        ...(rows.every((row) => Number(row[value]) === 0) ? { domain: [-1, 1] } : {}),
      },
      y: {
        label: null,
        domain: rows.map(name),
        tickSize: 0,
        tickFormat: (text: string) => clipped(text, Math.floor(left / 6.8)),
      },
      marks: [
        Plot.barX(rows, { x: value, y: name, fill: colour }),
        Plot.ruleX([0], { stroke: "var(--soft)" }),
        ...(dots ? [Plot.dot(rows, { x: dots, y: name, fill: "var(--ink)", r: 2.5 })] : []),
      ],
    };
  };
}

/* After the levers: bars of the new balance, dots of the base; of A less B, bars of A and dots of B. */
export const gapsAfter = (tie: Table): Gaps =>
  isDifference.value
    ? { table: tie, years: false, bars: "balance_a", dots: "balance_b" }
    : { table: tie, years: false, bars: "balance_new", dots: "balance" };

/* The meaning of bars and dots, and the year. */
function detail(): string {
  const { dotsBefore, dotsGross, dotsOther, largest } = words.ties;
  const dots = isDifference.value ? dotsOther : isAfter.value ? dotsBefore : "";
  const gross = !isAfter.value && measure.value === "value-added" ? dotsGross : "";
  return [byYear() ? world.value!.unit : largest(unitAndYear()), dots, gross].filter(Boolean).join("; ");
}

const By = () => (
  <Segments
    label={words.ties.by}
    hidden
    value={byYear() ? "year" : "sector"}
    choose={(by) => {
      gap.value = by;
    }}
    choices={[
      { value: "year", label: words.ties.byYear },
      { value: "sector", label: words.ties.bySector },
    ]}
  />
);

export function Gap({ answer, standing }: { answer: Answer<Gaps>; standing: Standing }) {
  const isAdded = !isAfter.value && measure.value === "value-added";
  const title = words.ties.balance(nameOf(of.value), nameOf(to.value), isAdded);
  const hasYears = world.value!.years.length > 1 && !isAfter.value;
  return (
    <Card box="gap" title={title} detail={detail()} beside={hasYears && <By />} standing={standing}>
      {answer.value && (
        <Chart
          label={words.ties.balanceLabel(title, isAfter.value, unitAndYear())}
          picture="balance"
          options={answer.value.years ? yearOptions(answer.value) : sectorOptions(answer.value)}
        />
      )}
    </Card>
  );
}
