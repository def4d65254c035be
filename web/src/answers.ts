/* Answers that follow the choices: signals that are fetched again when the signals that they depend on change. */
import { useSignalEffect, useSignal, type ReadonlySignal } from "@preact/signals";
import { back, wasAborted, type Progress } from "./api";
import { inPageTerms } from "./trouble";

/* `old`: the value is that of an earlier question, as this one has failed. */
export interface Answer<T> {
  value: T | null;
  error: string;
  waiting: boolean;
  old: boolean;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/* Runs `ask` at once and whenever a signal that it reads before its first await changes; the older question is
   aborted, and its answer stays in sight until the new one is there, and faded where there is none. The server's
   return after a failure asks again. `ask` gives null where there is nothing to ask. */
export function useAnswer<T>(ask: (signal: AbortSignal) => Promise<T> | null): ReadonlySignal<Answer<T>> {
  const answer = useSignal<Answer<T>>({ value: null, error: "", waiting: true, old: false });
  useSignalEffect(() => {
    void back.value;
    const abort = new AbortController();
    const question = ask(abort.signal);
    if (!question) {
      answer.value = { value: null, error: "", waiting: false, old: false };
      return undefined;
    }
    answer.value = { ...answer.peek(), waiting: true };
    question.then(
      (value) => {
        if (!abort.signal.aborted) answer.value = { value, error: "", waiting: false, old: false };
      },
      (error) => {
        if (!abort.signal.aborted && !wasAborted(error))
          answer.value = { ...answer.peek(), error: inPageTerms(messageOf(error)), waiting: false, old: true };
      },
    );
    return () => abort.abort();
  });
  return answer;
}

/* One question in flight, the newest waiting: what a moving slider needs. Each answer is given to `done`, in order,
   so that what is shown keeps moving; questions between the one in flight and the newest are never asked. `cancel`
   aborts both. */
export class Latest<Q, A> {
  private running: AbortController | null = null;
  private waiting: { question: Q; at: number } | null = null;

  constructor(
    private readonly ask: (
      question: Q,
      solving: { signal: AbortSignal; progress: (p: Progress) => void },
    ) => Promise<A>,
    private readonly tell: {
      done: (answer: A, question: Q, at: number) => void;
      failed: (error: unknown, question: Q) => void /* of what was cancelled, an AbortError */;
      busy: (busy: boolean) => void;
      progress: (progress: Progress) => void;
    },
  ) {}

  /* `at`: performance.now() of the input that asks. */
  put(question: Q, at = performance.now()): void {
    this.waiting = { question, at };
    if (!this.running) void this.run();
  }

  cancel(): void {
    this.waiting = null;
    this.running?.abort();
  }

  private async run(): Promise<void> {
    this.tell.busy(true);
    while (this.waiting) {
      const { question, at } = this.waiting;
      this.waiting = null;
      this.running = new AbortController();
      try {
        const answer = await this.ask(question, { signal: this.running.signal, progress: this.tell.progress });
        this.tell.done(answer, question, at);
      } catch (error) {
        this.tell.failed(error, question);
      }
    }
    this.running = null;
    this.tell.busy(false);
  }
}
