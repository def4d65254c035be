/* The answer to the scenario, which follows every lever: what `derisk simulate` prints for it. */
import { batch, computed, signal, useSignalEffect } from "@preact/signals";
import { back, solve, wasAborted, type Progress, type Row, type Solving, type Table } from "./api";
import { Latest, messageOf } from "./answers";
import { documentOf, isComplete, scenario, type Scenario } from "./scenario";
import { answered, certificate, year } from "./state";
import { inPageTerms } from "./trouble";
import { words } from "./words";

export interface Solution {
  regions: Table;
  sectors: Table;
}

export const solution = signal<Solution | null>(null);
export const trouble = signal("");
/* Whether the answer shown is to an earlier scenario, as the current one has none. */
export const isOld = computed(() => solution.value !== null && (trouble.value !== "" || !isComplete(scenario.value!)));
export const progress = signal<Progress | null>(null);
export const slow = signal(false); /* it takes long enough to say so */

/* When the hand moved: set by the control, taken by the question that follows from it. */
let movedAt = 0;
export const moved = (at: number): void => {
  movedAt = at;
};

/* Calls `then` once the browser has painted what is set now. */
function afterPaint(then: () => void): void {
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = then;
    port2.postMessage(null);
  });
}

let slowTimer = 0;
let readoutTimer = 0;

/* Measures each answer, and shows how long the last one took once the hand rests: a picture more a movement would
   cost time itself. */
function measure(at: number): void {
  const took = performance.now() - at;
  performance.measure("input-to-picture", { start: at, duration: took });
  clearTimeout(readoutTimer);
  readoutTimer = window.setTimeout(() => {
    answered.value = took;
  }, 150);
}

/* Progress comes as a stream, which costs a fast answer time for nothing. */
const takesTime = ({ horizon, "rigid-wages": rigid }: Scenario): boolean => horizon === "short" || rigid !== undefined;

/* A scenario, and the region whose sectors are shown: the rows of others would be most of the answer. */
interface Question {
  document: Scenario;
  region: string;
}

const tableOf = <T>(document: Scenario, more: object, solving: Solving): Promise<T> =>
  solve<T>("simulate", { scenario: document, ...more }, solving);

/* The table of all sectors of all economies, for a download. */
export const allSectors = async (): Promise<Row[]> =>
  (await tableOf<Solution>(documentOf(scenario.value!, year.value), { tables: ["sectors"] }, {})).sectors.rows;

const latest = new Latest<Question, Solution>(
  ({ document, region }, { signal: abort, progress: said }) =>
    tableOf(
      document,
      { tables: ["regions", "sectors"], pick: { sectors: region } },
      { signal: abort, ...(takesTime(document) ? { progress: said } : {}) },
    ),
  {
    done: (found, _, at) => {
      batch(() => {
        solution.value = found;
        trouble.value = "";
        certificate.value = found.regions.certificate ?? null;
      });
      afterPaint(() => measure(at));
    },
    failed: (error, { document }) => {
      trouble.value = wasAborted(error) ? words.page.cancelled : inPageTerms(messageOf(error), { ...document });
    },
    busy: (busy) => {
      clearTimeout(slowTimer);
      if (busy)
        slowTimer = window.setTimeout(() => {
          slow.value = true;
        }, 300);
      else
        batch(() => {
          slow.value = false;
          progress.value = null;
        });
    },
    progress: (said) => {
      progress.value = said;
    },
  },
);

export const cancel = (): void => latest.cancel();

/* Keeps the solution up to date while the component is there, with the sectors of a region. */
export function useSolution(region: () => string): void {
  useSignalEffect(() => {
    void back.value;
    const document = documentOf(scenario.value!, year.value);
    if (document.changes.length === 0) {
      latest.cancel();
      batch(() => {
        solution.value = null;
        trouble.value = "";
      });
      return;
    }
    if (!isComplete(document)) return;
    latest.put({ document, region: region() }, movedAt || performance.now());
    movedAt = 0;
  });
}
