/* A beside B: the button that keeps an answer, and a table of numbers of both with their difference. */
import type { Beside } from "../beside";
import { words } from "../words";
import { JobStatus } from "./job";

export interface Pair {
  name: string;
  a: number;
  b: number | null;
  text: (value: number) => string;
}

/* A is what is shown; B what was kept, named by its title. */
export function Compared({ title, other, pairs }: { title: string; other: string; pairs: Pair[] }) {
  return (
    <div class="results compared" tabIndex={0} role="region" aria-label={title}>
      <table>
        <caption>{words.compare.besides(other)}</caption>
        <thead>
          <tr>
            <th scope="col">{title}</th>
            {[words.levers.a, words.levers.b, words.levers.aLessB].map((head) => (
              <th key={head} scope="col" class="number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {pairs.map(({ name, a, b, text }) => (
            <tr key={name}>
              <th scope="row" title={name}>
                {name}
              </th>
              <td class="number">{text(a)}</td>
              <td class="number">{b === null ? "" : text(b)}</td>
              <td class="number">{b === null ? "" : text(a - b)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/* Keeps the answer that is shown as B, or takes B away. */
export function Keep<Q, A>({ of, shown }: { of: Beside<Q, A>; shown: { question: Q; value: A } | null }) {
  return (
    <>
      {shown && (
        <button type="button" class="plain" title={words.compare.keepTitle} onClick={() => of.keep(shown)}>
          {words.compare.keep}
        </button>
      )}
      {of.question.value !== null && (
        <button type="button" class="plain" onClick={of.drop}>
          {words.compare.drop}
        </button>
      )}
    </>
  );
}

/* How B stands while it has no answer: a link may hold one that takes long, which begins when it is asked for. */
export function KeptStatus<Q, A>({ of }: { of: Beside<Q, A> }) {
  if (of.question.value === null || of.answer.value !== null) return null;
  return (
    <>
      {!of.job.busy.value && (
        <p class="row">
          <button type="button" class="plain" onClick={of.solve}>
            {words.compare.solve}
          </button>
        </p>
      )}
      <JobStatus job={of.job} />
    </>
  );
}
