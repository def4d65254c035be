/* State that all panels share: the world and the choices in it. Names are those of the command line. */
import { batch, computed, signal, type Signal } from "@preact/signals";
import { get, type Certificate, type World } from "./api";
import { headingOf } from "./columns";
import { complain, inHash, quoted, startAfresh, tell } from "./hash";
import { loadInstruments, misfit } from "./instruments";
import { exampleOf, namesIn, scenario } from "./scenario";
import { listOf, oneOf, text, whole } from "./schema";
import { words } from "./words";

export const world = signal<World | null>(null);

export const PANELS = ["start", "ties", "levers", "plan", "play", "sure"] as const;

export const panel = inHash<string>("panel", "start", oneOf(...PANELS));
export const year = inHash("year", 0, whole(0, 9999));
export const of = inHash("of", "", text); /* whose ties are looked at: a region or a group */
export const to = inHash("to", "", text); /* the partner */
export const others = inHash<string[]>("others", [], listOf(text)); /* who else is in the picture of flows */
export const sector = inHash("sector", "all", text);

/* The last certificate of what is on the screen, and how long it took from input to picture. */
export const certificate = signal<Certificate | null>(null);
export const answered = signal<number | null>(null);

const loaded = (): World => world.value!; /* panels are drawn only when the world is there */

/* "million US dollars, current prices, 2011" */
export const unitAndYear = (): string => `${loaded().unit}, ${year.value}`;

const members = computed(() => {
  const of_ = new Map<string, string[]>();
  for (const region of loaded().regions) of_.set(region.code, [region.code]);
  for (const group of loaded().groups) if (group.members.length > 0) of_.set(group.code, group.members);
  for (const [name, who] of Object.entries(scenario.value?.groups ?? {})) {
    const inside = [who].flat().flatMap((code) => of_.get(code) ?? []);
    if (inside.length > 0) of_.set(name, inside);
  }
  return of_;
});

/* The regions that a region or group stands for. */
export const membersOf = (code: string): string[] => members.value.get(code) ?? [];

const names = computed(() => {
  const found = new Map<string, string>();
  for (const entry of [...loaded().groups, ...loaded().regions])
    found.set(entry.code, entry.name.replace(/ \(.*| ?: .*/, ""));
  return found;
});

export const nameOf = (code: string): string => names.value.get(code) ?? code;

const sectors = computed(() => {
  const found = new Map<string, string>([
    ["all", words.page.allSectors],
    ["goods", words.page.goods],
    ["services", words.page.services],
  ]);
  for (const { code, slug, name } of loaded().sectors) found.set(code, name).set(slug, name);
  for (const [name, who] of Object.entries(scenario.value?.groups ?? {}))
    if ([who].flat().every((code) => found.has(code))) found.set(name, name);
  return found;
});

export const sectorName = (code: string): string => sectors.value.get(code) ?? code;

/* ---- What a link names that this world does not have ---- */

export const isEconomy = (code: string): boolean => membersOf(code).length > 0;
export const isSector = (code: string): boolean =>
  sectors.value.has(code) || loaded().sectors.some(({ kind }) => kind && kind === code);

/* What a change of an economy is called: "Real GDP". */
export const changeName = (column: string): string => headingOf(loaded().changes[column]!);

const notHere = (codes: string[]): string => (codes.length === 0 ? "" : words.link.notHere(codes));

interface Names {
  economies?: string[];
  sectors?: string[];
}
const named: { key: string; names: () => Names }[] = [];

/* Has the names that entries of a link hold checked against the world, each time that a link is read. Call it at the
   top of a module. */
export const checkNames = (key: string, names: () => Names): void => {
  named.push({ key, names });
};

const wanted: { key: string; change: Signal<string> }[] = [];

/* The same of an entry that names a change of economies, such as welfare. */
export const checkChange = (key: string, change: Signal<string>): void => {
  wanted.push({ key, change });
};

checkNames("scenario", () => (scenario.value ? namesIn(scenario.value) : {}));

function complainOfNames(): void {
  for (const { key, change } of wanted) {
    const isKnown = Object.hasOwn(loaded().changes, change.value);
    complain(`names ${key}`, isKnown ? "" : words.link.entry(key, quoted(change.value)));
    if (!isKnown) change.value = "welfare";
  }
  for (const { key, names } of named) {
    const { economies = [], sectors: of_ = [] } = names();
    complain(
      `names ${key}`,
      notHere([
        ...new Set([...economies.filter((code) => !isEconomy(code)), ...of_.filter((code) => !isSector(code))]),
      ]),
    );
  }
}

/* The EU and China where the world has them, as most who come ask about these; else the first that it has. What was
   asked for and is not here is told. */
function chooseEconomies(w: World): void {
  const choices = ["EU", "CHN", "USA", "JPN", "GBR", "IND", "RUS", ...w.regions.map((r) => r.code)].filter(isEconomy);
  const apart = (code: string) => !membersOf(of.value).some((member) => membersOf(code).includes(member));
  if (of.value && !isEconomy(of.value)) complain("of", notHere([of.value]));
  if (to.value && !isEconomy(to.value)) complain("to", notHere([to.value]));
  if (!isEconomy(of.value)) of.value = choices[0] ?? "";
  if (isEconomy(to.value) && !apart(to.value)) complain("to", words.link.isPart(nameOf(to.value), nameOf(of.value)));
  const free = choices.filter(apart);
  if (!isEconomy(to.value) || !apart(to.value)) to.value = free[0] ?? "";
  complain("others-here", notHere(others.value.filter((code) => !isEconomy(code))));
  others.value = others.value.filter(isEconomy);
  if (others.value.length === 0) others.value = free.filter((code) => code !== to.value).slice(0, 2);
  if (!isSector(sector.value)) {
    complain("sector", notHere([sector.value]));
    sector.value = "all";
  }
}

/* Whether the world is so small that a plan, a game or some hundred draws take about a second: panels begin them by
   themselves only then. */
const SMALL = 500; /* economies times sectors */
export const isSmall = computed(() => loaded().regions.length * loaded().sectors.length <= SMALL);

/* Economies and sectors without a name are shown by their code. */
function named_(w: World): World {
  const withName = <T extends { code: string; name: string }>(list: T[]): T[] =>
    list.map((entry) => ({ ...entry, name: entry.name || entry.code }));
  return {
    ...w,
    regions: withName(w.regions),
    groups: withName(w.groups),
    sectors: withName(w.sectors).map((s) => ({ ...s, slug: s.slug || s.code })),
  };
}

/* The year of the world that is nearest to the one asked for (0: the last); if it is another one, that is told. */
function yearOf(years: number[], wanted: number): number {
  const nearest =
    wanted === 0 || years.length === 0
      ? (years.at(-1) ?? 0)
      : years.reduce((best, one) => (Math.abs(one - wanted) < Math.abs(best - wanted) ? one : best));
  if (wanted !== 0 && nearest !== wanted) complain("year", words.link.year(wanted, nearest));
  return nearest;
}

/* Gives a value to what has none yet, and to what this world does not have; another year's world is fetched. */
export function settle(): void {
  const found = loaded();
  const wanted = yearOf(found.years, year.value);
  if (year.value !== 0 && wanted !== found.year) void loadWorld(wanted);
  year.value = found.year;
  chooseEconomies(found);
  const wrong = scenario.value ? misfit(scenario.value) : "";
  complain("scenario-instruments", wrong && words.link.scenario(wrong));
  if (wrong) scenario.value = null;
  if (!scenario.value) scenario.value = exampleOf(found, of.value, to.value);
  complainOfNames();
}

function show(found: World): void {
  batch(() => {
    world.value = found;
    year.value = found.year;
    settle();
    tell();
  });
}

const fetchWorld = async (wanted: number): Promise<World> =>
  named_(await get<World>("world", { year: wanted || undefined }));

/* Shows the world of another of its years. Where it does not come, the page stays at the year that it has. */
export async function loadWorld(wanted: number): Promise<void> {
  try {
    show(await fetchWorld(wanted));
  } catch (error) {
    complain("year", error instanceof Error ? error.message : String(error));
    tell();
  }
}

/* Opens the world at the year of the link. */
export async function openWorld(): Promise<void> {
  const [last] = await Promise.all([fetchWorld(0), loadInstruments()]);
  const wanted = yearOf(last.years, year.value);
  show(wanted === last.year ? last : await fetchWorld(wanted));
}

/* The page as it is without a link. */
export function startOver(): void {
  startAfresh(settle);
  const last = loaded().years.at(-1);
  if (last !== undefined && year.value !== last) void loadWorld(last);
}
