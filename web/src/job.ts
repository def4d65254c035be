/* A solve that takes its time: started by a button, with progress and cancelling. Its answer is kept, with what was asked, while the
   reader is at other panels. */
import { signal, type Signal } from "@preact/signals";
import { Trouble, wasAborted, type Progress, type Solving } from "./api";

export interface Job<Q, A> {
  answer: Signal<{ question: Q; value: A } | null>;
  error: Signal<string>;
  busy: Signal<boolean>;
  progress: Signal<Progress | null>;
  start: (question: Q) => Promise<void>; /* ends the one before; settled when it is over, however it ended */
  cancel: () => void;
  answers: (question: Q) => boolean; /* whether the answer is to this question */
}

export function job<Q, A>(ask: (question: Q, solving: Required<Solving>) => Promise<A>): Job<Q, A> {
  const answer = signal<{ question: Q; value: A } | null>(null);
  const [error, busy, progress] = [signal(""), signal(false), signal<Progress | null>(null)];
  let running: AbortController | null = null;

  const start = async (question: Q): Promise<void> => {
    running?.abort();
    const mine = running = new AbortController();
    const isMine = () => running === mine;
    [error.value, busy.value, progress.value] = ["", true, null];
    try {
      const value = await ask(question, { signal: mine.signal, progress: (p) => { if (isMine()) progress.value = p; } });
      if (isMine()) answer.value = { question, value };
    } catch (trouble) {
      if (isMine() && !wasAborted(trouble)) error.value = trouble instanceof Trouble || trouble instanceof Error ? trouble.message : String(trouble);
    }
    if (isMine()) [running, busy.value] = [null, false];
  };

  return {
    answer, error, busy, progress, start,
    cancel: () => { running?.abort(); },
    answers: (question) => JSON.stringify(answer.value?.question) === JSON.stringify(question),
  };
}
