/* A long solve, started by a button, with progress and cancelling. Its answer is kept, with its question, while other
   panels are shown. */
import { effect, signal, type Signal } from "@preact/signals";
import { messageOf } from "./answers";
import { back, LOST, Trouble, wasAborted, type Progress, type Solving } from "./api";
import { inPageTerms } from "./trouble";

export interface Job<Q, A> {
  answer: Signal<{ question: Q; value: A } | null>;
  error: Signal<string>;
  busy: Signal<boolean>;
  progress: Signal<Progress | null>;
  start: (question: Q) => Promise<void> /* ends the one before; settled when it is over, however it ended */;
  cancel: () => void;
  answers: (question: Q) => boolean /* whether the answer is to this question */;
}

/* The document that a question is about, if it has one. */
const documentIn = (question: unknown): Record<string, unknown> => {
  const { scenario, game } = question as { scenario?: Record<string, unknown>; game?: Record<string, unknown> };
  return scenario ?? game ?? {};
};

export function job<Q, A>(ask: (question: Q, solving: Required<Solving>) => Promise<A>): Job<Q, A> {
  const answer = signal<{ question: Q; value: A } | null>(null);
  const [error, busy, progress] = [signal(""), signal(false), signal<Progress | null>(null)];
  let running: AbortController | null = null;
  let lost: Q | null = null; /* what could not be asked, as there was no server */

  const start = async (question: Q): Promise<void> => {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    const isMine = () => running === mine;
    [error.value, busy.value, progress.value, lost] = ["", true, null, null];
    try {
      const value = await ask(question, {
        signal: mine.signal,
        progress: (p) => {
          if (isMine()) progress.value = p;
        },
      });
      if (isMine()) answer.value = { question, value };
    } catch (trouble) {
      if (isMine() && !wasAborted(trouble)) {
        error.value = inPageTerms(messageOf(trouble), documentIn(question));
        if (trouble instanceof Trouble && trouble.kind === LOST) lost = question;
      }
    }
    if (isMine()) [running, busy.value] = [null, false];
  };

  effect(() => {
    void back.value;
    if (lost !== null) void start(lost);
  });

  return {
    answer,
    error,
    busy,
    progress,
    start,
    cancel: () => {
      running?.abort();
    },
    answers: (question) => JSON.stringify(answer.value?.question) === JSON.stringify(question),
  };
}
