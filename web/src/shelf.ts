/* Scenarios that are kept in this browser, those that come from files, and the one compared with the levers'. */
import { computed, signal } from "@preact/signals";
import { parse } from "yaml";
import { messageOf } from "./answers";
import { solve, type Table } from "./api";
import { inHash } from "./hash";
import { misfit } from "./instruments";
import { job } from "./job";
import { titleOf } from "./phrases";
import { documentOf, exampleOf, scenario, scenarioSchema, type Scenario } from "./scenario";
import { anyOf, type Schema } from "./schema";
import { of, to, world, year } from "./state";
import { keep, kept } from "./store";
import { words } from "./words";

const KEY = "derisk-scenarios";
const MOST = 50; /* are kept: the oldest go first */

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/* What is in the browser's store may be from another version, or somebody else's: what does not fit is left out. */
function stored(): Scenario[] {
  try {
    const found: unknown = JSON.parse(kept(KEY) ?? "[]");
    return Array.isArray(found) ? found.filter(scenarioSchema) : [];
  } catch {
    return [];
  }
}

export const shelf = signal<Scenario[]>(stored());

function put(all: Scenario[]): void {
  shelf.value = all.slice(0, MOST);
  keep(KEY, JSON.stringify(shelf.value));
}

/* The newest first; one of the same name is replaced. */
export function save(one: Scenario): void {
  const named = { ...one, title: titleOf(one) };
  put([named, ...shelf.value.filter(({ title }) => title !== named.title)]);
}

export const remove = (gone: Scenario): void => put(shelf.value.filter((one) => !same(one, gone)));

/* Makes `next` the scenario of the levers. The one before is kept: nothing is overwritten. */
export function takeUp(next: Scenario): void {
  const before = scenario.value;
  const { title: _, ...rest } = before ?? { changes: [] };
  const isKnown = shelf.value.some(({ title: __, ...one }) => same(one, rest));
  const isExample = same(rest, exampleOf(world.value!, of.value, to.value));
  if (before && before.changes.length > 0 && !isKnown && !isExample) save(before);
  scenario.value = next;
}

/* ---- Files ---- */

const LARGEST = 1 << 20; /* bytes, as the server takes */
export const fileTrouble = signal("");

/* A scenario as YAML or JSON. */
export function scenarioIn(text: string): Scenario {
  const found: unknown = parse(text, { maxAliasCount: 0 });
  if (!scenarioSchema(found)) throw new Error(words.shelf.notScenario);
  const wrong = misfit(found);
  if (wrong) throw new Error(wrong);
  return found;
}

export async function openFile(file: File): Promise<void> {
  fileTrouble.value = "";
  try {
    if (file.size > LARGEST) throw new Error(words.shelf.tooLarge);
    const found = scenarioIn(await file.text());
    takeUp(found.title ? found : { ...found, title: file.name.replace(/\.[a-z]+$/i, "") });
  } catch (error) {
    fileTrouble.value = words.shelf.unread(file.name, messageOf(error).split("\n")[0]!);
  }
}

/* ---- Beside ---- */

const none: Schema<null> = (value): value is null => value === null;

/* B, or nothing: then A stands beside the base alone. */
export const other = inHash<Scenario | null>("levers.beside", null, anyOf(none, scenarioSchema));

type Asked = { scenario: Scenario; tables: string[] };
const solved = job<Asked, { regions: Table; sectors: Table }>((asked, solving) => solve("simulate", asked, solving));
export const otherJob = solved;

const asked = (): Asked | null =>
  other.value && { scenario: documentOf(other.value, year.value), tables: ["regions", "sectors"] };

/* The answer to B as it is now. */
export const otherAnswer = computed(() => {
  const question = asked();
  return question && solved.answers(question) ? solved.answer.value!.value : null;
});

/* Solves B where it has no answer yet. */
export function solveOther(): void {
  const question = asked();
  if (question && !solved.answers(question) && question.scenario.changes.length > 0) void solved.start(question);
}
