/* The parts of the link that were not understood, with a way to start afresh. */
import { misread } from "../hash";
import { startOver } from "../state";

export function Misread() {
  if (misread.value.length === 0) return null;
  return (
    <div class="misread" role="status">
      <p>Not all of this link was understood: {misread.value.join("; ")}. The rest is shown.</p>
      <button type="button" class="plain" onClick={startOver}>
        Start afresh
      </button>
      <button
        type="button"
        class="plain"
        aria-label="Close"
        onClick={() => {
          misread.value = [];
        }}
      >
        ×
      </button>
    </div>
  );
}
