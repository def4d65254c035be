/* The world map: each region of the table in a colour; a click, or the arrow keys and Enter, choose one. */
import { useSignal } from "@preact/signals";
import { useMemo, useRef } from "preact/hooks";
import { outlines } from "../outlines";
import { nameOf, world } from "../state";
import { words } from "../words";

interface Shape {
  code: string;
  d: string;
}

/* The rest of the world, where the world has one: the one region that is no country, nor made of any. */
export function restOfWorld(): string | undefined {
  const { paths } = outlines();
  const found = world.value!.regions.filter(({ parts }) => !parts.some((part) => paths.has(part)));
  return found.length === 1 ? found[0]!.code : undefined;
}

/* The outlines of each region of the world in one path; what no region has goes to "rest of the world" where there is
   one. */
function shapes(): { regions: Shape[]; nobody: string } {
  const { paths } = outlines();
  const owner = new Map<string, string>();
  for (const region of world.value!.regions) for (const part of region.parts) owner.set(part, region.code);
  const rest = restOfWorld();
  const ds = new Map<string, string>();
  for (const [country, d] of paths) {
    const code = owner.get(country) ?? rest ?? "";
    ds.set(code, (ds.get(code) ?? "") + d);
  }
  const nobody = ds.get("") ?? "";
  ds.delete("");
  return { regions: [...ds].map(([code, d]) => ({ code, d })), nobody };
}

export interface Colouring {
  /* By region: a value, relative to the largest of which it is coloured, or "own" for the economy in focus. */
  values: Map<string, number | "own">;
  /* A region left out of the colour scale, such as the rest of the world; its value is still shown. */
  apart?: string | undefined;
  text: (value: number) => string;
  both: boolean /* losses and gains in two colours, or sizes in one */;
}

const strength = (value: number, largest: number): number => (largest > 0 ? Math.sqrt(Math.abs(value) / largest) : 0);

function colour(value: number | "own" | undefined, largest: number, both: boolean): string {
  if (value === "own") return "var(--own)";
  if (value === undefined) return "var(--nobody)";
  const end = !both ? "var(--size)" : value < 0 ? "var(--loss)" : "var(--gain)";
  return `color-mix(in oklab, ${end} ${(100 * strength(value, largest)).toFixed(1)}%, var(--none))`;
}

interface Props {
  label: string /* what is shown, in whom, when: read out, and the name of the picture */;
  picture: string;
  colouring: Colouring;
  chosen?: string;
  choose: (code: string) => void;
}

export function WorldMap({ label, picture, colouring, chosen = "", choose }: Props) {
  const { regions, nobody } = useMemo(shapes, [world.value]);
  const over = useSignal("");
  const frame = useRef<HTMLDivElement>(null);
  const tip = useRef<HTMLDivElement>(null);
  const { values, text, both, apart } = colouring;
  let largest = 0;
  for (const [code, value] of values)
    if (value !== "own" && code !== apart) largest = Math.max(largest, Math.abs(value));
  const said = (code: string) => {
    const value = values.get(code);
    return value === undefined || value === "own" ? nameOf(code) : `${nameOf(code)}: ${text(value)}`;
  };
  /* By value, so that the arrow keys go from the largest to the smallest. */
  const order = [...values]
    .filter(([, v]) => v !== "own")
    .sort((a, b) => (b[1] as number) - (a[1] as number))
    .map(([code]) => code);
  const press = (event: KeyboardEvent) => {
    const step =
      event.key === "ArrowRight" || event.key === "ArrowDown"
        ? 1
        : event.key === "ArrowLeft" || event.key === "ArrowUp"
          ? -1
          : 0;
    if (step !== 0) {
      const from = order.indexOf(over.value || chosen);
      over.value = order[Math.max(0, Math.min(order.length - 1, from + step))] ?? "";
    } else if ((event.key === "Enter" || event.key === " ") && over.value) choose(over.value);
    else return;
    event.preventDefault();
  };
  const follow = (event: PointerEvent) => {
    const box = frame.current!.getBoundingClientRect();
    const x = event.clientX - box.left;
    const aside = x > box.width / 2 ? "calc(-100% - 12px)" : "12px"; /* on the side with more room */
    tip.current!.style.transform = `translate(${x}px, ${event.clientY - box.top}px) translate(${aside}, 12px)`;
  };
  return (
    <div
      class="map"
      ref={frame}
      onPointerMove={follow}
      onPointerLeave={() => {
        over.value = "";
      }}
    >
      <svg
        viewBox={outlines().viewBox}
        role="listbox"
        aria-label={label}
        tabIndex={0}
        onKeyDown={press}
        data-picture={picture}
        aria-activedescendant={over.value ? `map-${over.value}` : undefined}
        onBlur={() => {
          over.value = "";
        }}
      >
        {nobody && <path d={nobody} fill="var(--nobody)" class="border" role="presentation" />}
        {regions.map(({ code, d }) => (
          <path
            key={code}
            id={`map-${code}`}
            d={d}
            role="option"
            aria-selected={code === chosen}
            aria-label={said(code)}
            fill={colour(code === apart ? undefined : values.get(code), largest, both)}
            class="border"
            onPointerEnter={() => {
              over.value = code;
            }}
            onClick={() => choose(code)}
          />
        ))}
        {[chosen, over.value].filter(Boolean).map((code, i) => (
          <path
            key={i}
            d={regions.find((r) => r.code === code)?.d ?? ""}
            class={i === 0 && chosen ? "ring chosen" : "ring"}
            role="presentation"
          />
        ))}
      </svg>
      <div class="tip" ref={tip} hidden={!over.value} role="presentation">
        {over.value && said(over.value)}
      </div>
      <Scale colouring={colouring} largest={largest} />
    </div>
  );
}

const CLASSES = { both: [-1, -0.5, -0.25, 0, 0.25, 0.5, 1], one: [0, 0.1, 0.25, 0.5, 1] };

/* The colours as they are drawn, each with its value; and those that stand for no value. */
function Scale({ colouring: { values, text, both, apart }, largest }: { colouring: Colouring; largest: number }) {
  if (largest === 0) return null;
  const classes = (both ? CLASSES.both : CLASSES.one).map((step) => ({
    fill: colour(step * largest, largest, both),
    said: text(step * largest),
  }));
  const isIn = (code: string) => values.has(code) && code !== apart;
  const keys = [
    ...([...values.values()].includes("own") ? [{ fill: "var(--own)", said: words.map.itself }] : []),
    ...(world.value!.regions.every(({ code }) => isIn(code)) ? [] : [{ fill: "var(--nobody)", said: words.map.none }]),
  ];
  return (
    <ul class="scale" aria-hidden="true">
      {[...classes, ...keys].map(({ fill, said }, i) => (
        <li key={i}>
          <svg width="14" height="10">
            <rect width="14" height="10" fill={fill} />
          </svg>
          <span>{said}</span>
        </li>
      ))}
    </ul>
  );
}
