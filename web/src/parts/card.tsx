/* A card: a title, what is beside it, and the answer in it, with one treatment of how that stands. Waiting: a note
   where there is nothing yet, and what is shown fades once a new answer takes a moment. Stale: what answers an earlier
   question is faded, and the detail says so. Failed: the error, above what is still shown. Empty: a sentence that says
   why, or what to do. */
import type { ComponentChildren } from "preact";
import { words } from "../words";
import { Caption, ErrorLine } from "./status";

export interface Standing {
  has: boolean /* there is something to show */;
  waiting?: boolean;
  error?: string;
  old?: string | undefined /* why what is shown is of an earlier question; nothing where it is not */;
  empty?: string /* where nothing is there, and nothing on its way */;
}

interface Props {
  box: string /* its class: place and looks */;
  title: string;
  detail?: string | undefined;
  beside?: ComponentChildren /* the title: choices, buttons */;
  standing?: Standing;
  children?: ComponentChildren;
}

export const classOf = (box: string, { has, waiting = false, old, error = "" }: Standing): string =>
  ["card", box, has && (old !== undefined || error) ? "old" : "", has && waiting ? "waiting" : ""]
    .filter(Boolean)
    .join(" ");

/* What a card says of its answer beside showing it. */
export function State({ has, waiting = false, error = "", empty = "" }: Standing) {
  return (
    <>
      <ErrorLine message={error} />
      {!has && waiting && (
        <p class="soft waits" role="status">
          {words.page.computing}
        </p>
      )}
      {!has && !waiting && !error && empty && <p class="soft">{empty}</p>}
    </>
  );
}

export function Card({ box, title, detail, beside, standing = { has: true }, children }: Props) {
  return (
    <section class={classOf(box, standing)} aria-busy={standing.waiting ?? false}>
      <div class="row between">
        <Caption title={title} detail={standing.has && standing.old !== undefined ? standing.old : detail} />
        {beside}
      </div>
      <State {...standing} />
      {standing.has && children}
    </section>
  );
}
