/* The parts of the link that were not understood, with a way to start afresh. */
import { misread } from "../hash";
import { startOver } from "../state";
import { words } from "../words";

export function Misread() {
  if (misread.value.length === 0) return null;
  return (
    <div class="misread" role="status">
      <p>{words.link.misread(misread.value.join("; "))}</p>
      <button type="button" class="plain" onClick={startOver}>
        {words.page.afresh}
      </button>
      <button
        type="button"
        class="plain"
        aria-label={words.page.close}
        onClick={() => {
          misread.value = [];
        }}
      >
        ×
      </button>
    </div>
  );
}
