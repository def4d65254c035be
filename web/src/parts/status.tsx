/* Status: errors, progress of a solve, and the certificate. */
import type { Progress as Done } from "../api";
import { answered, certificate, world } from "../state";
import { words } from "../words";
import { useMenu } from "./menu";
import { count, tiny } from "../format";

export function ErrorLine({ message }: { message: string }) {
  return message ? (
    <p class="error" role="alert">
      {message}
    </p>
  ) : null;
}

export function Progress({ progress, cancel }: { progress: Done | null; cancel: () => void }) {
  const share = progress && progress.all > 0 ? progress.done / progress.all : undefined;
  const all = progress && share !== undefined ? count(progress.all) : ""; /* how many is not always known */
  const what = progress ? words.page.progress(progress.what, count(progress.done), all) : words.page.solving;
  return (
    <div class="progress">
      <progress aria-label={what} {...(share === undefined ? {} : { value: share })} />
      <span aria-hidden="true">{what}</span>
      <button type="button" onClick={cancel}>
        {words.page.cancel}
      </button>
    </div>
  );
}

/* Details on demand: the accuracy of the answer, its time, and the size of the world. A run that misses its tolerance
   is an error of the engine and has no numbers. */
export function AboutAnswer() {
  const menu = useMenu();
  const c = certificate.value;
  const w = world.value!;
  const milliseconds = answered.value === null ? null : Math.max(1, Math.round(answered.value));
  return (
    <details ref={menu} class="menu about" {...(milliseconds === null ? {} : { "data-milliseconds": milliseconds })}>
      <summary aria-label={words.answer.menu} title={words.answer.menu}>
        {words.answer.mark}
      </summary>
      <div>
        <p>{c ? words.answer.certificate(tiny(c.worst_residual), c.worst_equation) : words.answer.none}</p>
        {milliseconds !== null && <p>{words.answer.time(milliseconds)}</p>}
        <p>{words.answer.world(w.regions.length, w.sectors.length, w.unit)}</p>
      </div>
    </details>
  );
}

export const Caption = ({ title, detail }: { title: string; detail?: string | undefined }) => (
  <h2>
    {title}
    {detail && <small title={detail}>{detail}</small>}
  </h2>
);
