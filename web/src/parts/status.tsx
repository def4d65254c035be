/* Status: errors, progress of a solve, and the certificate. */
import type { Progress as Done } from "../api";
import { answered, certificate } from "../state";

export function ErrorLine({ message }: { message: string }) {
  return message ? (
    <p class="error" role="alert">
      {message}
    </p>
  ) : null;
}

export function Progress({ progress, cancel }: { progress: Done | null; cancel: () => void }) {
  const share = progress && progress.all > 0 ? progress.done / progress.all : undefined;
  const count =
    progress && share === undefined
      ? ""
      : ` of ${progress?.all.toLocaleString("en")}`; /* how many there will be is not always known */
  const what = progress ? `${progress.what} ${progress.done.toLocaleString("en")}${count}` : "solving";
  return (
    <div class="progress">
      <progress aria-label={what} {...(share === undefined ? {} : { value: share })} />
      <span aria-hidden="true">{what}</span>
      <button type="button" onClick={cancel}>
        Cancel
      </button>
    </div>
  );
}

/* A run that misses its tolerance is an error of the engine and has no numbers, so the light is green or there is
   none; what it stands for is the residual beside it. */
export function Light() {
  const c = certificate.value;
  if (!c) return null;
  const text = `worst residual ${c.worst_residual.toExponential(1)} (${c.worst_equation})`;
  return (
    <span class="light" role="img" aria-label={`Certificate: ${text}`} title={`Certificate: ${text}`}>
      <i class={c.worst_residual <= 1e-8 ? "good" : "bad"} />
      {c.worst_residual.toExponential(1)}
    </span>
  );
}

/* From the input to the picture. */
export function Answered() {
  if (answered.value === null) return null;
  const milliseconds = Math.max(1, Math.round(answered.value));
  return (
    <span class="answered" data-milliseconds={milliseconds}>
      <span class="long">answered in </span>
      {milliseconds} ms
    </span>
  );
}

export const Caption = ({ title, detail }: { title: string; detail?: string | undefined }) => (
  <h2>
    {title}
    {detail && <small title={detail}>{detail}</small>}
  </h2>
);
