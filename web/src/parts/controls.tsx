/* Small controls: one of a few (Segments), a sector, a number on a slider. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { world } from "../state";
import { words } from "../words";
import { Info } from "./info";

export interface Choice {
  value: string;
  label: string;
  title?: string;
}

export function Segments({
  label,
  value,
  choices,
  choose,
  hidden = false,
}: {
  label: string;
  value: string;
  choices: Choice[];
  choose: (value: string) => void;
  hidden?: boolean;
}) {
  const name = useId();
  return (
    <fieldset class="segments">
      <legend class={hidden ? "unseen" : "label"}>{label}</legend>
      {!hidden && <Info about={label} />}
      <div>
        {choices.map((choice) => (
          <label key={choice.value} title={choice.title}>
            <input type="radio" name={name} checked={choice.value === value} onChange={() => choose(choice.value)} />
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

export function Select({
  label,
  value,
  choose,
  children,
  disabled = false,
  hidden = false,
}: {
  label: string;
  value: string;
  choose: (value: string) => void;
  children: ComponentChildren;
  disabled?: boolean;
  hidden?: boolean;
}) {
  const id = useId();
  return (
    <div class="field">
      <span class="named">
        <label for={id} class={hidden ? "unseen" : "label"}>
          {label}
        </label>
        {!hidden && <Info about={label} />}
      </span>
      <select id={id} value={value} disabled={disabled} onChange={(event) => choose(event.currentTarget.value)}>
        {children}
      </select>
    </div>
  );
}

export function SectorOptions() {
  const sectors = world.value!.sectors;
  const kinds = [...new Set(sectors.map((s) => s.kind).filter(Boolean))];
  return (
    <>
      <option value="all">{words.page.allSectors}</option>
      {kinds.map((kind) => (
        <option key={kind} value={kind}>
          {words.page.all(kind)}
        </option>
      ))}
      {(kinds.length > 0 ? kinds : [""]).map((kind) => (
        <optgroup key={kind} label={kind ? kind[0]!.toUpperCase() + kind.slice(1) : words.page.sectors}>
          {sectors
            .filter((s) => !kind || s.kind === kind)
            .map((s) => (
              <option key={s.code} value={s.slug}>
                {s.name}
              </option>
            ))}
        </optgroup>
      ))}
    </>
  );
}

export function SectorSelect({
  value,
  choose,
  label = words.page.sector,
  disabled = false,
}: {
  value: string;
  choose: (sector: string) => void;
  label?: string;
  disabled?: boolean;
}) {
  return (
    <Select label={label} value={value} choose={choose} disabled={disabled}>
      <SectorOptions />
    </Select>
  );
}

/* A number in a box. A change of it comes when it is complete: with Enter, or when the box is left. */
export function NumberBox({
  label,
  value,
  least,
  most,
  unit = "",
  change,
}: {
  label: string;
  value: number;
  least?: number | undefined;
  most?: number | undefined;
  unit?: string;
  change: (value: number, at: number) => void;
}) {
  const take = (input: HTMLInputElement): void => {
    const typed = input.valueAsNumber;
    const kept = Math.min(most ?? Number.POSITIVE_INFINITY, Math.max(least ?? Number.NEGATIVE_INFINITY, typed));
    if (Number.isFinite(kept) && kept !== value) change(kept, performance.now());
    input.value = String(Number.isFinite(kept) ? kept : value);
  };
  return (
    <span class="typed">
      <input
        type="number"
        step="any"
        aria-label={label}
        min={least}
        max={most}
        value={value}
        onChange={(event) => take(event.currentTarget)}
      />
      {unit}
    </span>
  );
}

/* A number on a slider, written out beside it; with `typed`, in a box, where it can be more exact and beyond the ends
   of the slider. `change` comes with every movement, with the time of the input. */
export function Slider({
  label,
  value,
  min,
  max,
  step,
  shown,
  change,
  typed,
  disabled = false,
}: {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  shown: string;
  disabled?: boolean;
  typed?: { unit?: string; least?: number; most?: number };
  change: (value: number, at: number) => void;
}) {
  const id = useId();
  const rounded = (moved: number): number => +(Math.round(moved / step) * step).toPrecision(12);
  return (
    <div class="slider">
      <span class="named">
        <label for={id} class="label">
          {label}
        </label>
        <Info about={label} />
      </span>
      {typed ? (
        <NumberBox
          label={words.levers.typed(label)}
          value={value}
          least={typed.least}
          most={typed.most}
          unit={typed.unit ?? ""}
          change={change}
        />
      ) : (
        <output for={id}>{shown}</output>
      )}
      <input
        id={id}
        type="range"
        min={Math.min(min, value)}
        max={Math.max(max, value)}
        step={typed ? "any" : step}
        value={value}
        aria-valuetext={shown}
        disabled={disabled}
        onInput={(event) => {
          const moved = event.currentTarget.valueAsNumber;
          change(typed ? rounded(moved) : moved, performance.now());
        }}
      />
    </div>
  );
}
