import { render } from "preact";

render(<main>derisk</main>, document.getElementById("page")!);
