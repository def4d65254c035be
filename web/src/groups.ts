/* Groups of one's own: of economies or of sectors, named in the scenario and used in it as any other. */
import { bodyOf, kindOf, scenario, type Change, type Scenario, type Who } from "./scenario";

export interface Own {
  name: string;
  members: string[];
}

const listed = (who: Who | undefined): string[] => (who === undefined ? [] : [who].flat());

export const ownGroups = (): Own[] =>
  Object.entries(scenario.value?.groups ?? {}).map(([name, who]) => ({ name, members: listed(who) }));

function put(groups: Own[], changes: Change[]): void {
  const { groups: _, changes: __, ...rest } = scenario.value!;
  const named = Object.fromEntries(groups.map(({ name, members }) => [name, members]));
  scenario.value = { ...rest, ...(groups.length > 0 ? { groups: named } : {}), changes } as Scenario;
}

/* With another word for a name, wherever a change has it. */
function renamed(change: Change, from: string, to: string): Change {
  const swap = (value: unknown): unknown =>
    Array.isArray(value) ? value.map((one) => (one === from ? to : one)) : value === from ? to : value;
  const body = Object.fromEntries(Object.entries(bodyOf(change)).map(([key, value]) => [key, swap(value)]));
  return { [kindOf(change)]: body } as unknown as Change;
}

/* Whether a change of the scenario, or another group, names the group. */
export const isUsed = (name: string): boolean =>
  scenario.value!.changes.some((change) =>
    Object.values(bodyOf(change)).some((value) => [value].flat().includes(name)),
  ) || ownGroups().some(({ members }) => members.includes(name));

/* The name is free: no other group of the scenario has it, and it has none of the signs that lists are written with. */
export const isName = (name: string): boolean =>
  name !== "" && !/[,:@]/.test(name) && name !== "except" && !ownGroups().some((own) => own.name === name);

export const addGroup = (name: string): void => put([...ownGroups(), { name, members: [] }], scenario.value!.changes);

export const removeGroup = (name: string): void =>
  put(
    ownGroups().filter((own) => own.name !== name),
    scenario.value!.changes,
  );

export const setMembers = (name: string, members: string[]): void =>
  put(
    ownGroups().map((own) => (own.name === name ? { name, members } : own)),
    scenario.value!.changes,
  );

export function rename(from: string, to: string): void {
  const groups = ownGroups().map((own) => ({
    name: own.name === from ? to : own.name,
    members: own.members.map((code) => (code === from ? to : code)),
  }));
  put(
    groups,
    scenario.value!.changes.map((change) => renamed(change, from, to)),
  );
}
