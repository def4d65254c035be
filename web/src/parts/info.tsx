/* Information marks: a press, by mouse, finger or key, tells what a number or a control is, from the glossary. */
import { signal } from "@preact/signals";
import { useRef } from "preact/hooks";
import terms from "virtual:terms";
import { words } from "../words";

const ID = "term";
const shown = signal("");

/* Beside the mark, and within the window. */
function place(box: HTMLElement, mark: HTMLElement): void {
  const { left, bottom, top } = mark.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const below = bottom + height + 12 < innerHeight;
  box.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  box.style.top = `${Math.max(8, below ? bottom + 6 : top - height - 6)}px`;
}

/* The mark of what has a term; nothing for what has none. */
export function Info({ about }: { about: string }) {
  const mark = useRef<HTMLButtonElement>(null);
  const term = words.terms[about] ?? about;
  if (!terms[term]) return null;
  const tell = (): void => {
    shown.value = term;
    const box = document.getElementById(ID)!;
    box.showPopover();
    requestAnimationFrame(() => place(box, mark.current!));
  };
  return <button ref={mark} type="button" class="info" aria-label={words.info.what(term)} onClick={tell} />;
}

/* What a mark tells: once on the page, above all else. Escape or a press elsewhere closes it. */
export function Term() {
  const found = terms[shown.value];
  return (
    <div id={ID} popover="auto" class="term" role="dialog" aria-label={words.info.dialog}>
      {found && (
        <>
          <p>
            <b>{shown.value}</b>: {found.text}
          </p>
          <p>
            <a href={`glossary.html#${found.anchor}`} target="glossary">
              {words.info.more}
            </a>
          </p>
        </>
      )}
    </div>
  );
}
