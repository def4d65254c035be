/* The bands beside the headline: few draws of the scenario's elasticities, made once the levers rest, where that is
   cheap, and else on demand. A lever that moves ends them. */
import { computed, useSignalEffect } from "@preact/signals";
import type { Table } from "./api";
import { bands, headlineDraws, isCheap, type Draws } from "./bands";
import { solve } from "./api";
import { job } from "./job";
import { documentOf, isComplete, scenario, type Scenario } from "./scenario";
import { isOld, solution } from "./solution";
import { year } from "./state";

export const few = job<Draws, { draws: Table }>((question, solving) => solve("draws", question, solving));

const now = (): Scenario => documentOf(scenario.value!, year.value);

/* The draws beside the headline: those of the panel Uncertainty where there are some, else the few. */
export const beside = computed<Table | null>(() => {
  const answer = few.answer.value;
  return (
    bands.value ??
    (answer && JSON.stringify(answer.question.scenario) === JSON.stringify(now()) ? answer.value.draws : null)
  );
});

export const drawFew = (): Promise<void> => few.start(headlineDraws(now()));

const REST = 700; /* milliseconds without a movement */

/* Keeps the bands up to date while the component is there. */
export function useHeadlineBands(): void {
  useSignalEffect(() => {
    const document = now();
    const found = solution.value;
    if (few.busy.peek()) few.cancel();
    if (!found || isOld.value || beside.value || document.changes.length === 0 || !isComplete(document))
      return undefined;
    if (!isCheap(found.regions)) return undefined;
    const timer = setTimeout(() => void drawFew(), REST);
    return () => clearTimeout(timer);
  });
}
