/* The picture of flows: who sells to whom among a few economies, exporters on the left, importers on the right. */
import { sankey, sankeyLinkHorizontal, type SankeyLink, type SankeyNode } from "d3-sankey";
import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import { nameOf } from "../state";

export interface Flow {
  exporter: string;
  importer: string;
  value: number;
  was?: number;
}
interface Node {
  key: string;
  code: string;
  side: "out" | "in";
}
interface Link {
  flow: Flow;
}
type Placed = SankeyNode<Node, Link>;
type Drawn = SankeyLink<Node, Link>;

interface Props {
  label: string;
  picture: string;
  flows: Flow[];
  order: string[] /* the economies from top to bottom; gives each its colour */;
  text: (flow: Flow) => string;
  choose: (flow: Flow) => void;
}

function layout(flows: Flow[], order: string[], width: number, height: number) {
  const shown = flows.filter((flow) => flow.value > 0);
  const nodes: Node[] = (["out", "in"] as const).flatMap((side) =>
    order
      .filter((code) => shown.some((f) => (side === "out" ? f.exporter : f.importer) === code))
      .map((code) => ({ key: `${side}:${code}`, code, side })),
  );
  return sankey<Node, Link>()
    .nodeId((node) => node.key)
    .nodeSort((a, b) => order.indexOf(a.code) - order.indexOf(b.code))
    .linkSort(
      (a, b) =>
        order.indexOf((a.source as Placed).code) - order.indexOf((b.source as Placed).code) ||
        order.indexOf((a.target as Placed).code) - order.indexOf((b.target as Placed).code),
    )
    .nodeWidth(10)
    .nodePadding(14)
    .extent([
      [2, 4],
      [width - 2, height - 4],
    ])({
    nodes,
    links: shown.map((flow) => ({
      source: `out:${flow.exporter}`,
      target: `in:${flow.importer}`,
      value: flow.value,
      flow,
    })),
  });
}

export function Flows({ label, picture, flows, order, text, choose }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const size = useSignal<[number, number]>([0, 0]);
  const over = useSignal<string>("");
  useEffect(() => {
    const observer = new ResizeObserver(() => {
      if (box.current) size.value = [box.current.clientWidth, box.current.clientHeight];
    });
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  const [width, height] = size.value;
  const drawn =
    width > 0 && flows.some((f) => f.value > 0) ? layout(flows, order, width, height) : { nodes: [], links: [] };
  const path = sankeyLinkHorizontal<Node, Link>();
  const colourOf = (code: string) => `var(--economy-${order.indexOf(code) % 8})`;
  const keyOf = ({ flow }: Drawn) => `${flow.exporter}>${flow.importer}`;
  return (
    <div class="flows" ref={box}>
      <svg width={width} height={height} role="group" aria-label={label} data-picture={picture}>
        {drawn.links.map((link) => (
          <path
            key={keyOf(link)}
            d={path(link) ?? ""}
            fill="none"
            stroke={colourOf(link.flow.exporter)}
            stroke-width={Math.max(1, link.width ?? 1)}
            class={over.value && over.value !== keyOf(link) ? "link faint" : "link"}
            role="button"
            tabIndex={0}
            aria-label={text(link.flow)}
            onPointerEnter={() => {
              over.value = keyOf(link);
            }}
            onPointerLeave={() => {
              over.value = "";
            }}
            onFocus={() => {
              over.value = keyOf(link);
            }}
            onBlur={() => {
              over.value = "";
            }}
            onClick={() => choose(link.flow)}
            onKeyDown={(event) => {
              if (event.key === "Enter" || event.key === " ") {
                choose(link.flow);
                event.preventDefault();
              }
            }}
          />
        ))}
        {drawn.nodes.map((node) => (
          <g key={node.key} aria-hidden="true">
            <rect
              x={node.x0}
              y={node.y0}
              width={node.x1! - node.x0!}
              height={Math.max(1, node.y1! - node.y0!)}
              fill={colourOf(node.code)}
            />
            <text
              x={node.side === "out" ? node.x1! + 6 : node.x0! - 6}
              y={Math.max(8, Math.min(height - 8, (node.y0! + node.y1!) / 2))}
              dominant-baseline="central"
              text-anchor={node.side === "out" ? "start" : "end"}
            >
              {width < 420 ? node.code : nameOf(node.code)}
            </text>
          </g>
        ))}
      </svg>
      <p class="told" aria-live="polite">
        {drawn.links.filter((link) => keyOf(link) === over.value).map((link) => text(link.flow))}
      </p>
    </div>
  );
}
