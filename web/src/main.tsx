import { render } from "preact";
import { App } from "./app";
import { keepHash } from "./hash";
import { ErrorLine } from "./parts/status";
import { loadWorld, settle, year } from "./state";

const page = document.getElementById("page")!;
try {
  await loadWorld(year.value);
  keepHash(settle);
  render(<App />, page);
} catch (error) {
  render(<main class="nothing"><h1>derisk</h1><ErrorLine message={error instanceof Error ? error.message : String(error)} /></main>, page);
}
