import { render } from "preact";
import { messageOf } from "./answers";
import { Trouble } from "./api";
import { App, Embedded } from "./app";
import { isEmbedded } from "./embed";
import { keepHash } from "./hash";
import { ErrorLine } from "./parts/status";
import { TokenBox } from "./parts/token";
import { openWorld, settle } from "./state";
import { words } from "./words";

const page = document.getElementById("page")!;

const Nothing = ({ message, token }: { message: string; token: boolean }) => (
  <main class="nothing">
    <h1>{words.page.name}</h1>
    <ErrorLine message={message} />
    {token && <TokenBox />}
    <p>
      <button type="button" class="plain" onClick={() => location.reload()}>
        {words.page.again}
      </button>{" "}
      <button
        type="button"
        class="plain"
        onClick={() => {
          location.hash = "";
          location.reload();
        }}
      >
        {words.page.afresh}
      </button>
    </p>
  </main>
);

try {
  await openWorld();
  keepHash(settle);
  render(isEmbedded ? <Embedded /> : <App />, page);
} catch (error) {
  const token = error instanceof Trouble && error.http === 401;
  render(<Nothing message={messageOf(error)} token={token} />, page);
}
