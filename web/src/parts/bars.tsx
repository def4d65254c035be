/* Gains and losses: a bar for each economy, the largest first, with its number. */
import * as Plot from "@observablehq/plot";
import type { Row } from "../api";
import { clipped, percentLike } from "../format";
import { nameOf } from "../state";
import { Chart } from "./chart";

interface Props {
  label: string;
  picture: string;
  rows: Row[];
  name?: (row: Row) => string;
  column: string;
  text?: (value: number) => string /* default: percent */;
  cost?: boolean /* values above zero are losses and have no plus sign */;
  inOrder?: boolean /* the rows stay as they are: years, say */;
  always?: string[] /* regions and groups that are shown though others are larger */;
}

const LINE = 18;
const LETTER = 6.4; /* on average */

export function Bars({
  label,
  picture,
  rows,
  column,
  name = (row) => nameOf(String(row["region"])),
  text: given,
  cost = false,
  inOrder = false,
  always = [],
}: Props) {
  const value = (row: Row): number => Number(row[column]);
  const text = given ?? percentLike(rows.map(value), !cost);
  const fill = (row: Row) => (value(row) < 0 !== cost ? "var(--loss)" : "var(--gain)");
  const options = (width: number, height: number): Plot.PlotOptions => {
    const isWanted = (row: Row): number => (always.includes(String(row["region"])) ? 1 : 0);
    const fit = Math.max(3, Math.floor(height / LINE));
    const shown = inOrder
      ? rows.slice(0, fit)
      : [...rows]
          .sort((a, b) => isWanted(b) - isWanted(a) || Math.abs(value(b)) - Math.abs(value(a)))
          .slice(0, fit)
          .sort((a, b) => value(b) - value(a));
    const [least, most] = [Math.min(0, ...shown.map(value)), Math.max(0, ...shown.map(value))];
    const left = Math.min(width / 2.6, 16 + LETTER * Math.max(...shown.map((row) => name(row).length)));
    const room = (most - least || 1) * Math.min(0.6, 66 / Math.max(60, width - left - 40)); /* for the numbers */
    return {
      style: { background: "none", color: "var(--ink)", fontSize: "11.5px" },
      marginLeft: left,
      marginRight: 4,
      marginTop: 2,
      marginBottom: 2,
      height: Math.min(height, shown.length * 26 + 4),
      x: { axis: null, domain: [least < 0 ? least - room : 0, most > 0 ? most + room : 0] },
      y: {
        label: null,
        domain: shown.map(name),
        tickSize: 0,
        padding: 0.25,
        tickFormat: (text: string) => clipped(text, Math.floor((left - 10) / LETTER)),
      },
      marks: [
        Plot.barX(shown, { x: value, y: name, fill }),
        Plot.ruleX([0], { stroke: "var(--soft)" }),
        Plot.text(
          shown.filter((row) => value(row) >= 0),
          { x: value, y: name, text: (row: Row) => text(value(row)), textAnchor: "start", dx: 4, fill: "var(--ink)" },
        ),
        Plot.text(
          shown.filter((row) => value(row) < 0),
          { x: value, y: name, text: (row: Row) => text(value(row)), textAnchor: "end", dx: -4, fill: "var(--ink)" },
        ),
      ],
    };
  };
  return <Chart label={label} picture={picture} options={options} />;
}
