/* The state of the page that a link holds: each entry is a signal that is kept in the address (#key=value&...) while it differs
   from its default. A link, a reload and the browser's history therefore show the same again. */
import { batch, effect, signal, type Signal } from "@preact/signals";

interface Entry { write: () => string; read: (text: string | null) => void }

const entries = new Map<string, Entry>();
let given = new URLSearchParams(location.hash.slice(1));

/* A signal kept in the address under `key`. Text is kept as it is, all else as JSON. Call it at the top of a module, once a key. */
export function inHash<T>(key: string, fallback: T): Signal<T> {
  const isText = typeof fallback === "string";
  const read = (text: string | null): T => {
    if (text === null) return fallback;
    if (isText) return text as T;
    try { return JSON.parse(text) as T; } catch { return fallback; }
  };
  const entry = signal(read(given.get(key)));
  const plain = (value: T): string => isText ? String(value) : JSON.stringify(value);
  const unset = plain(fallback);
  entries.set(key, {
    write: () => plain(entry.value) === unset ? "" : plain(entry.value),
    read: (text) => { if (plain(read(text)) !== plain(entry.peek())) entry.value = read(text); },
  });
  return entry;
}

function written(): string {
  const now = new URLSearchParams();
  for (const [key, entry] of entries) {
    const text = entry.write();
    if (text) now.set(key, text);
  }
  return now.toString();
}

export const link = (): string => `${location.origin}${location.pathname}#${written()}`;

/* Begins to keep the address and the entries alike. A moving slider writes the address when it rests: browsers allow few writes.
   `settle` gives a value to what an address does not name and that must have one. */
export function keepHash(settle: () => void): void {
  let timer = 0;
  effect(() => {
    const text = written();
    clearTimeout(timer);
    timer = window.setTimeout(() => history.replaceState(null, "", `#${text}`), 400);
  });
  window.addEventListener("hashchange", () => {
    given = new URLSearchParams(location.hash.slice(1));
    batch(() => {
      for (const [key, entry] of entries) entry.read(given.get(key));
      settle();
    });
  });
}
