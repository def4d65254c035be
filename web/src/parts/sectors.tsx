/* A box to choose sectors in: kinds, such as goods, or single ones. Default: goods, as in the command line. */
import { sectorName, world } from "../state";
import { Combo, type Option } from "./combo";
import { words } from "../words";

export const sectorOptions = (): Option[] => [
  { code: "all", name: sectorName("all") },
  ...[...new Set(world.value!.sectors.map((s) => s.kind))]
    .filter(Boolean)
    .map((kind) => ({ code: kind, name: sectorName(kind) })),
  ...world.value!.sectors.map((s) => ({ code: s.slug || s.code, name: s.name })),
];

const WHOLE = ["all", "goods", "services"];

/* The default: goods; all sectors in a world without kinds of sectors. */
const fallback = (): string[] => (world.value!.sectors.some((s) => s.kind === "goods") ? ["goods"] : ["all"]);

/* A kind of sectors and single ones exclude each other: what was chosen last stays. */
const settle = (codes: string[]): string[] =>
  WHOLE.includes(codes.at(-1)!) ? codes.slice(-1) : codes.filter((code) => !WHOLE.includes(code));

export function SectorsCombo({
  label = words.page.sectors,
  chosen,
  choose,
}: {
  label?: string;
  chosen: string[];
  choose: (sectors: string[]) => void;
}) {
  return (
    <Combo
      label={label}
      multiple
      chosen={chosen.length > 0 ? chosen : fallback()}
      options={sectorOptions()}
      choose={(codes) => choose(settle(codes))}
    />
  );
}

/* The sectors that a list of codes, slugs and kinds stands for, as the tables name them. */
export function sectorsIn(chosen: string[]): string[] {
  const wanted = chosen.length > 0 ? chosen : fallback();
  return world
    .value!.sectors.filter(
      (s) => wanted.includes("all") || [s.code, s.slug, s.kind].some((word) => word && wanted.includes(word)),
    )
    .map((s) => s.slug || s.code);
}
