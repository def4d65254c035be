/* How a solve of a panel stands: its progress with a button to end it, or what went wrong. */
import type { Job } from "../job";
import { ErrorLine, Progress } from "./status";

export function JobStatus<Q, A>({ job }: { job: Job<Q, A> }) {
  return (
    <>
      {job.busy.value && <Progress progress={job.progress.value} cancel={job.cancel} />}
      <ErrorLine message={job.error.value} />
    </>
  );
}
