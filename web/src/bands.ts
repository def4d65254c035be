/* Uncertainty bands of the scenario, from draws of the elasticities: the panel Uncertainty asks for them, and any
   panel may show them beside its numbers. */
import { computed } from "@preact/signals";
import type { Table } from "./api";
import { solve } from "./api";
import { inHash } from "./hash";
import { job } from "./job";
import { number, whole } from "./schema";
import { documentOf, scenario, type Scenario } from "./scenario";
import { other } from "./shelf";
import { isSmall, year } from "./state";

export interface Draws {
  scenario: Scenario;
  draws: number;
  seed: number;
  "elasticity-error"?: number;
  "share-error"?: number;
}

export const draws = inHash("sure.draws", 200, whole(1, 10000));
export const seed = inHash("sure.seed", 1, whole(0, 2 ** 32 - 1));
export const elasticityError = inHash("sure.elasticity-error", 0.2, number(0, 1));
export const shareError = inHash("sure.share-error", 0, number(0, 1));

const drawnJob = () => job<Draws, { draws: Table }>((asked, solving) => solve("draws", asked, solving));
export const drawn = drawnJob();
export const drawnOther = drawnJob(); /* of B, the scenario that is compared */

/* The question about a scenario for the current choices. With a standard error of 0 nothing is drawn. */
const questionOf = (asked: Scenario): Draws => ({
  scenario: documentOf(asked, year.value),
  draws: draws.value,
  seed: seed.value,
  ...(elasticityError.value > 0 ? { "elasticity-error": elasticityError.value } : {}),
  ...(shareError.value > 0 ? { "share-error": shareError.value } : {}),
});
export const question = computed<Draws>(() => questionOf(scenario.value!));
export const otherQuestion = computed<Draws | null>(() =>
  other.value && other.value.changes.length > 0 ? questionOf(other.value) : null,
);

/* The draws of B for the current choices. */
export const otherBands = computed<Table | null>(() =>
  otherQuestion.value && drawnOther.answers(otherQuestion.value) ? drawnOther.answer.value!.value.draws : null,
);

/* Draws A, and B where there is one. */
export async function draw(): Promise<void> {
  await drawn.start(question.value);
  const beside = otherQuestion.peek();
  if (beside && drawn.error.peek() === "" && drawn.answers(question.peek()) && !drawnOther.answers(beside))
    await drawnOther.start(beside);
}

/* The draws of the scenario as it is now; nothing where it has changed since, or there were none. */
export const bands = computed<Table | null>(() => {
  const answer = drawn.answer.value;
  return answer && JSON.stringify(answer.question.scenario) === JSON.stringify(question.value.scenario)
    ? answer.value.draws
    : null;
});

/* So many draws show whether the direction of a headline is sure; the panel Uncertainty makes more. */
export const HEADLINE_DRAWS = 40;

export const headlineDraws = (document: Scenario): Draws => ({
  scenario: document,
  draws: HEADLINE_DRAWS,
  seed: 1,
  "elasticity-error": 0.2,
});

/* How long draws may be expected to take to be made without being asked for, in seconds of the machine. */
const CHEAP = 1;

/* Whether the draws of a headline are, after a solve that gave the table. */
export const isCheap = (table: Table | undefined): boolean =>
  isSmall.value || (table?.certificate?.solve_seconds ?? Number.POSITIVE_INFINITY) * HEADLINE_DRAWS < CHEAP;

export interface Band {
  low: number;
  high: number;
}

/* The band in which 90% of the draws are, of a column of the table of regions (welfare, real_wage, ...). */
export function bandOf(region: string, column: string, table: Table | null = bands.value): Band | null {
  const row = table?.rows.find((r) => r["region"] === region);
  const [low, high] = [row?.[`${column}_p5`], row?.[`${column}_p95`]];
  return typeof low === "number" && typeof high === "number" ? { low, high } : null;
}

/* Whether a band has gains and losses, so that not even the direction is sure. */
export const isUnsure = ({ low, high }: Band): boolean => low < 0 && high > 0;
