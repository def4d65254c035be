/* What all panels share: the world, and what is looked at in it. Names are those of the command line. */
import { batch, computed, signal } from "@preact/signals";
import { get, type Certificate, type World } from "./api";
import { inHash } from "./hash";
import { exampleOf, scenario } from "./scenario";

export const world = signal<World | null>(null);

export const panel = inHash("panel", "ties");
export const year = inHash("year", 0);
export const of = inHash("of", "");           /* whose ties are looked at: a region or a group */
export const to = inHash("to", "");           /* the partner */
export const others = inHash<string[]>("others", []); /* who else is in the picture of flows */
export const sector = inHash("sector", "all");

/* The last certificate of what is on the screen, and how long it took from input to picture. */
export const certificate = signal<Certificate | null>(null);
export const answered = signal<number | null>(null);

const loaded = (): World => world.value!; /* panels are drawn only when the world is there */

const members = computed(() => {
  const of_ = new Map<string, string[]>();
  for (const region of loaded().regions) of_.set(region.code, [region.code]);
  for (const group of loaded().groups) if (group.members.length > 0) of_.set(group.code, group.members);
  return of_;
});

/* The regions that a region or group stands for. */
export const membersOf = (code: string): string[] => members.value.get(code) ?? [];

const names = computed(() => {
  const found = new Map<string, string>();
  for (const entry of [...loaded().groups, ...loaded().regions]) found.set(entry.code, entry.name.replace(/ \(.*| ?: .*/, ""));
  return found;
});

export const nameOf = (code: string): string => names.value.get(code) ?? code;

const sectors = computed(() => {
  const found = new Map<string, string>([["all", "All sectors"], ["goods", "Goods"], ["services", "Services"]]);
  for (const { code, slug, name } of loaded().sectors) found.set(code, name).set(slug, name);
  return found;
});

export const sectorName = (code: string): string => sectors.value.get(code) ?? code;

/* The EU and China where the world has them, as most who come ask about these; else the first that it has. */
function chooseEconomies(w: World): void {
  const known = (code: string) => w.groups.some((g) => g.code === code && g.members.length > 0) || w.regions.some((r) => r.code === code);
  const choices = ["EU", "CHN", "USA", "JPN", "GBR", "IND", "RUS", ...w.regions.map((r) => r.code)].filter(known);
  const apart = (code: string) => !membersOf(of.value).some((member) => membersOf(code).includes(member));
  if (!known(of.value)) of.value = choices[0] ?? "";
  const free = choices.filter(apart);
  if (!known(to.value) || !apart(to.value)) to.value = free[0] ?? "";
  others.value = others.value.filter(known);
  if (others.value.length === 0) others.value = free.filter((code) => code !== to.value).slice(0, 2);
}

/* What has no name goes by its code, everywhere. */
function named(w: World): World {
  const withName = <T extends { code: string; name: string }>(list: T[]): T[] => list.map((entry) => ({ ...entry, name: entry.name || entry.code }));
  return { ...w, regions: withName(w.regions), groups: withName(w.groups), sectors: withName(w.sectors).map((s) => ({ ...s, slug: s.slug || s.code })) };
}

/* Gives a value to what has none yet; another year's world is fetched. */
export function settle(): void {
  const found = loaded();
  if (year.value !== 0 && year.value !== found.year) void loadWorld(year.value);
  year.value = found.year;
  chooseEconomies(found);
  if (!scenario.value) scenario.value = exampleOf(found, of.value, to.value);
}

/* Loads the world of a year (0: its last) and settles what has no value yet. */
export async function loadWorld(wanted: number): Promise<void> {
  const found = named(await get<World>("world", { year: wanted || undefined }));
  batch(() => {
    world.value = found;
    year.value = found.year;
    settle();
  });
}
