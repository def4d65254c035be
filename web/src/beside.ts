/* A question of a panel that is kept to be compared: B, while the panel goes on with A. It is in the link, which
   therefore shows the same comparison. */
import { computed, type ReadonlySignal } from "@preact/signals";
import { inHash } from "./hash";
import { job, type Job } from "./job";
import type { Solving } from "./api";
import { anyOf, type Schema } from "./schema";

export interface Beside<Q, A> {
  question: ReadonlySignal<Q | null>;
  answer: ReadonlySignal<A | null>;
  job: Job<Q, A>;
  keep: (answered: { question: Q; value: A }) => void;
  drop: () => void;
  solve: () => void /* where it has no answer yet, as after opening a link */;
}

const none: Schema<null> = (value): value is null => value === null;

export function beside<Q, A>(
  key: string,
  schema: Schema<Q>,
  ask: (question: Q, solving: Required<Solving>) => Promise<A>,
): Beside<Q, A> {
  const question = inHash<Q | null>(key, null, anyOf(none, schema));
  const solving = job<Q, A>(ask);
  const has = (): boolean => question.value !== null && solving.answers(question.value);
  return {
    question,
    answer: computed(() => (has() ? solving.answer.value!.value : null)),
    job: solving,
    keep: (answered) => {
      solving.answer.value = answered;
      question.value = answered.question;
    },
    drop: () => {
      solving.cancel();
      question.value = null;
    },
    solve: () => {
      if (question.value !== null && !has() && !solving.busy.value) void solving.start(question.value);
    },
  };
}
