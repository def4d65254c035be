/* The choice among the worlds of a server that has several. */
import { world } from "../state";
import { words } from "../words";

/* The page of another world, beside that of this one or below that of the first (docs/serve.md). */
const pageOf = (name: string): string =>
  new URL(
    `${/\/worlds\/[^/]+\/$/.test(location.pathname) ? "../../" : ""}worlds/${encodeURIComponent(name)}/`,
    location.href,
  ).pathname;

export function Worlds() {
  const { world: shown, worlds } = world.value!;
  if (worlds.length < 2) return null;
  return (
    <label class="year">
      <span class="unseen">{words.worlds}</span>
      <select
        value={shown}
        onChange={(event) => {
          location.assign(pageOf(event.currentTarget.value));
        }}
      >
        {worlds.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
