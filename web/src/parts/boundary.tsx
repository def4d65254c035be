/* The frame for a panel that cannot be drawn: the error, and ways to continue. */
import { Component, type ComponentChildren } from "preact";
import { startOver } from "../state";
import { words } from "../words";

interface Props {
  children: ComponentChildren;
}

export class Boundary extends Component<Props, { error: string }> {
  override state = { error: "" };

  override componentDidCatch(error: unknown): void {
    this.setState({ error: error instanceof Error ? error.message : String(error) });
  }

  override render({ children }: Props, { error }: { error: string }) {
    if (!error) return children;
    const again = (first: () => void) => () => {
      first();
      this.setState({ error: "" });
    };
    return (
      <section class="card broken" role="alert">
        <h2>{words.page.broken}</h2>
        <p class="error">{error}</p>
        <div class="row">
          <button type="button" class="plain" onClick={again(() => {})}>
            {words.page.again}
          </button>
          <button type="button" class="plain" onClick={again(startOver)}>
            {words.page.afresh}
          </button>
        </div>
      </section>
    );
  }
}
