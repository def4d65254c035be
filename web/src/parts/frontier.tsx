/* The frontier: the cost of each cap, with a handle that is dragged or moved with the arrow keys from plan to plan. */
import * as Plot from "@observablehq/plot";
import { useSignal } from "@preact/signals";
import { useRef } from "preact/hooks";
import type { Row } from "../api";
import { atMost, count, share } from "../format";
import { Chart } from "./chart";
import { words } from "../words";

interface Props {
  label: string;
  picture: string;
  rows: Row[] /* cap, cost, ... */;
  at: number /* the cap that is chosen */;
  text: (row: Row) => string;
  move: (cap: number) => void /* while the handle moves */;
  choose: (cap: number) => void /* where it rests */;
}

type Scales = { key: string; x: (cap: number) => number; y: (cost: number) => number };

const cap = (row: Row): number => Number(row["cap"]);
const cost = (row: Row): number => Number(row["cost"]);

/* The cost at a cap between two plans, on the line that is drawn. */
function costAt(rows: Row[], at: number): number {
  const i = Math.max(
    1,
    rows.findIndex((row) => cap(row) >= at),
  );
  const [left, right] = [rows[i - 1]!, rows[i]!];
  const part = (at - cap(left)) / (cap(right) - cap(left));
  return cost(left) + (cost(right) - cost(left)) * Math.max(0, Math.min(1, part));
}

export function Frontier({ label, picture, rows: given, at, text, move, choose }: Props) {
  const rows = [...given].sort((a, b) => cap(a) - cap(b));
  const scales = useSignal<Scales | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const [least, most] = [cap(rows[0]!), cap(rows.at(-1)!)];
  const inside = Math.max(least, Math.min(most, at));
  const nearest = rows.reduce((best, row) => (Math.abs(cap(row) - at) < Math.abs(cap(best) - at) ? row : best));

  const options = (width: number): Plot.PlotOptions => ({
    style: { background: "none", color: "var(--soft)", fontSize: "11px" },
    marginLeft: 58,
    marginRight: 16,
    marginTop: 12,
    marginBottom: 34,
    x: {
      label: words.planning.frontierAxis,
      labelAnchor: "center",
      labelArrow: "none",
      tickFormat: (x: number) => `${count(100 * x)}%`,
      ticks: width < 420 ? 4 : 8,
    },
    y: { label: null, grid: true, ticks: 5, tickFormat: (y: number) => `${atMost(y, 3)}%` },
    marks: [
      Plot.ruleY([0], { stroke: "var(--soft)" }),
      Plot.ruleX([inside], { stroke: "var(--accent)", strokeDasharray: "3 3" }),
      Plot.lineY(rows, { x: cap, y: cost, stroke: "var(--size)", strokeWidth: 2 }),
      Plot.dot(rows, { x: cap, y: cost, fill: "var(--size)", r: 2.5 }),
    ],
  });
  /* Each drawing tells its scales; only others than before are news, as news draw the picture again. */
  const drawn = (plot: Plot.Plot) => {
    const [x, y] = [plot.scale("x")!, plot.scale("y")!];
    const key = JSON.stringify([x.domain, x.range, y.domain, y.range]);
    if (scales.peek()?.key !== key)
      scales.value = { key, x: (v) => x.apply(v) as number, y: (v) => y.apply(v) as number };
  };

  const follow = (event: PointerEvent): number => {
    const left = event.clientX - box.current!.getBoundingClientRect().left;
    const { x } = scales.value!;
    return cap(rows.reduce((best, row) => (Math.abs(x(cap(row)) - left) < Math.abs(x(cap(best)) - left) ? row : best)));
  };
  const press = (event: KeyboardEvent) => {
    const i = rows.indexOf(nearest);
    const to = {
      ArrowRight: i + 1,
      ArrowUp: i + 1,
      ArrowLeft: i - 1,
      ArrowDown: i - 1,
      PageUp: i + 5,
      PageDown: i - 5,
      Home: 0,
      End: rows.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    choose(cap(rows[Math.max(0, Math.min(rows.length - 1, to))]!));
  };
  const dragged = useRef<number | null>(null);
  const down = (event: PointerEvent) => {
    if (!scales.value) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    dragged.current = follow(event);
    move(dragged.current);
  };
  const drag = (event: PointerEvent) => {
    if (dragged.current === null) return;
    dragged.current = follow(event);
    move(dragged.current);
  };
  const up = () => {
    if (dragged.current !== null) choose(dragged.current);
    dragged.current = null;
  };
  const place = scales.value && {
    left: `${scales.value.x(inside)}px`,
    top: `${scales.value.y(costAt(rows, inside))}px`,
  };
  return (
    <div class="frontier" ref={box} onPointerDown={down} onPointerMove={drag} onPointerUp={up} onPointerCancel={up}>
      <Chart label={label} picture={picture} options={options} drawn={drawn} />
      {place && (
        <div
          class="handle"
          role="slider"
          tabIndex={0}
          aria-label={words.planning.frontierHandle}
          aria-valuemin={100 * least}
          aria-valuemax={100 * most}
          aria-valuenow={100 * inside}
          aria-valuetext={words.planning.handle(share(inside), text(nearest))}
          style={place}
          onKeyDown={press}
        />
      )}
    </div>
  );
}
