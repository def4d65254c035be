/* The scenario: what `derisk simulate` reads as YAML (docs/simulate.md), here as the same document in JSON. */
import { computed } from "@preact/signals";
import { stringify } from "yaml";
import type { World } from "./api";
import { inHash } from "./hash";

export type Who = string | string[];

export interface Tariff { by: Who; on: Who; sectors?: Who; rate?: string; add?: string }
export interface TradeCost { by?: Who; on?: Who; between?: Who; and?: Who; sectors?: Who; times: number }
export interface Ban { by?: Who; on?: Who; between?: Who; and?: Who; sectors?: Who }
export interface Curb { by: Who; to: Who; sectors?: Who; cut: string; rent?: string; together?: boolean }
export interface Quota { by: Who; on: Who; sectors?: Who; at?: number; rent?: string }
export interface Membership { region: string; group: string; "trade-cost": number }

export type Change =
  | { tariff: Tariff } | { "trade-cost": TradeCost } | { ban: Ban } | { "export-curb": Curb } | { quota: Quota }
  | { leave: Membership } | { join: Membership };
export type Kind = "tariff" | "trade-cost" | "ban" | "export-curb" | "quota" | "leave" | "join";

export interface Scenario {
  title?: string; year?: number; horizon?: string; model?: string; elasticity?: string | number; closure?: string;
  "rigid-wages"?: string; changes: Change[];
}

/* Nothing until the world is there to choose the example from. */
export const scenario = inHash<Scenario | null>("scenario", null);

export const kindOf = (change: Change): Kind => Object.keys(change)[0] as Kind;
export const bodyOf = (change: Change): Record<string, unknown> => Object.values(change)[0];

/* What a visitor finds ready: the tariff that most have read about. */
export function exampleOf(world: World, of: string, to: string): Scenario {
  const wanted = ["electrical-optical", "transport-equipment"].filter((slug) => world.sectors.some((s) => s.slug === slug));
  const sectors = wanted.length > 0 ? wanted : ["all"];
  return { changes: [{ tariff: { by: of, on: to, sectors, rate: "25%" } }] };
}

/* The scenario as the server takes it and as a file says it, for a year of the world. */
export const documentOf = (given: Scenario, year: number): Scenario => {
  const { title, changes, ...settings } = given;
  return { ...(title ? { title } : {}), year, ...settings, changes };
};

/* Whether every change has its number: a new quota gets its own once the flow that it caps is known. */
export const isComplete = (given: Scenario): boolean => given.changes.every((change) => !("quota" in change) || change.quota.at !== undefined);

export const isActive = computed(() => (scenario.value?.changes.length ?? 0) > 0);

/* The scenario's file, which `derisk simulate WORLD FILE` runs to the same digits. */
export function yamlOf(document: Scenario): string {
  return stringify(document, { lineWidth: 0, collectionStyle: "any" });
}
