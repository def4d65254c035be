/* What the fields of changes are made of: lists of codes, and rates in percent. */
import { atMost } from "../format";
import { Slider } from "../parts/controls";
import { moved } from "../solution";

export type Body = Record<string, unknown>;

export const list = (who: unknown): string[] =>
  who === undefined ? [] : Array.isArray(who) ? who.map(String) : [String(who)];

/* "25%" and 0.25 are 25. */
const inPercent = (rate: unknown): number =>
  typeof rate === "string" && rate.endsWith("%") ? Number(rate.slice(0, -1)) : 100 * Number(rate);

export interface FieldsProps {
  body: Body;
  set: (more: Body) => void;
}

/* Tariffs have no ceiling; a cut is of the whole at most. */
export function Percent({
  label,
  key_,
  body,
  set,
  least = 0,
  most,
}: FieldsProps & { label: string; key_: string; least?: number; most?: number }) {
  const value = +inPercent(body[key_]).toPrecision(12);
  return (
    <Slider
      label={label}
      value={value}
      min={0}
      max={100}
      step={1}
      shown={`${atMost(value, 10)}%`}
      typed={{ unit: "%", least, ...(most === undefined ? {} : { most }) }}
      change={(rate, at) => {
        moved(at);
        set({ [key_]: `${rate}%` });
      }}
    />
  );
}
