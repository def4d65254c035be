import { render } from "preact";
import { messageOf } from "./answers";
import { App } from "./app";
import { keepHash } from "./hash";
import { ErrorLine } from "./parts/status";
import { openWorld, settle } from "./state";

const page = document.getElementById("page")!;

const Nothing = ({ message }: { message: string }) => (
  <main class="nothing">
    <h1>derisk</h1>
    <ErrorLine message={message} />
    <p>
      <button type="button" class="plain" onClick={() => location.reload()}>
        Try again
      </button>{" "}
      <button
        type="button"
        class="plain"
        onClick={() => {
          location.hash = "";
          location.reload();
        }}
      >
        Start afresh
      </button>
    </p>
  </main>
);

try {
  await openWorld();
  keepHash(settle);
  render(<App />, page);
} catch (error) {
  render(<Nothing message={messageOf(error)} />, page);
}
