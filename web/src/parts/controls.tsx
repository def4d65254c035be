/* Small controls: one of a few (Segments), a sector, a number on a slider. */
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { world } from "../state";

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
      <label for={id} class={hidden ? "unseen" : "label"}>
        {label}
      </label>
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
      <option value="all">All sectors</option>
      {kinds.map((kind) => (
        <option key={kind} value={kind}>
          All {kind}
        </option>
      ))}
      {(kinds.length > 0 ? kinds : [""]).map((kind) => (
        <optgroup key={kind} label={kind ? kind[0]!.toUpperCase() + kind.slice(1) : "Sectors"}>
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
  label = "Sector",
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

/* A number on a slider, written out beside it. `change` comes with every movement, with the time of the input. */
export function Slider({
  label,
  value,
  min,
  max,
  step,
  shown,
  change,
  disabled = false,
}: {
  label: string;
  value: number;
  min: number;
  max: number;
  step: number;
  shown: string;
  disabled?: boolean;
  change: (value: number, at: number) => void;
}) {
  const id = useId();
  return (
    <div class="slider">
      <label for={id} class="label">
        {label}
      </label>
      <output for={id}>{shown}</output>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={step}
        value={value}
        aria-valuetext={shown}
        disabled={disabled}
        onInput={(event) => change(event.currentTarget.valueAsNumber, performance.now())}
      />
    </div>
  );
}
