/* The state of the page that a link holds: each entry is a signal that is kept in the address (#v=1&key=value&...)
   while it differs from its default. A link, a reload and the browser's history therefore show the same again.

   Links may be old, cut off, or from other versions of the page: a value that does not fit the schema of its entry is
   left out, and the page says so. */
import { batch, computed, effect, signal, type Signal } from "@preact/signals";
import { isEmbedded } from "./embed";
import type { Schema } from "./schema";
import { words } from "./words";

const VERSION = "1"; /* of the links: another number means that a key's meaning has changed */
const VERSION_KEY = "v",
  TOKEN_KEY = "token"; /* the token is api.ts' */

interface Entry {
  write: () => string;
  read: (text: string | null) => void;
  reset: () => void;
}

const entries = new Map<string, Entry>();
const addressed = (): URLSearchParams => new URLSearchParams(location.hash.slice(1));
let given = addressed();

/* The parts of the link that were not understood, a sentence each. */
export const misread = signal<string[]>([]);

const complaints = new Map<string, string>(); /* by key */

const SHOWN = 60;
export const quoted = (value: string): string => `“${value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value}”`;

/* `what` (of the entry `key`) is wrong; "" takes it back. Told together once the link is read. */
export function complain(key: string, what: string): void {
  if (what) complaints.set(key, what);
  else complaints.delete(key);
}

export const tell = (): void => {
  misread.value = [...complaints.values()];
};

/* A signal kept in the address under `key`. Text is kept as it is, all else as JSON. Call it at the top of a module,
   once a key. */
export function inHash<T>(key: string, fallback: T, schema: Schema<T>): Signal<T> {
  const isText = typeof fallback === "string";
  const parsed = (given_: string): unknown => {
    if (isText) return given_;
    try {
      return JSON.parse(given_);
    } catch {
      return undefined;
    }
  };
  const read = (given_: string | null): T => {
    complain(key, "");
    if (given_ === null) return fallback;
    const value = parsed(given_);
    if (schema(value)) return value;
    complain(key, words.link.entry(key, quoted(given_)));
    return fallback;
  };
  const entry = signal(read(given.get(key)));
  const plain = (value: T): string => (isText ? String(value) : JSON.stringify(value));
  const unset = plain(fallback);
  const put = (value: T): void => {
    if (plain(value) !== plain(entry.peek())) entry.value = value;
  };
  entries.set(key, {
    write: () => (plain(entry.value) === unset ? "" : plain(entry.value)),
    read: (text) => put(read(text)),
    reset: () => {
      complain(key, "");
      put(fallback);
    },
  });
  return entry;
}

const ELSE = "else:";

/* Parts of the link that belong to no entry, and links of other versions. */
function readRest(): void {
  for (const key of [...complaints.keys()]) if (key.startsWith(ELSE)) complaints.delete(key);
  for (const [key, value] of given)
    if (key === VERSION_KEY) complain(ELSE, value === VERSION ? "" : words.link.version(quoted(value)));
    else if (key !== TOKEN_KEY && !entries.has(key))
      complain(`${ELSE}${key}`, words.link.foreign(quoted(value ? `${key}=${value}` : key)));
}

function written(): string {
  const now = new URLSearchParams();
  for (const [key, entry] of entries) {
    const text = entry.write();
    if (text) now.set(key, text);
  }
  return now.size > 0 ? `${VERSION_KEY}=${VERSION}&${now.toString()}` : "";
}

export const link = (): string => `${location.origin}${location.pathname}#${written()}`;

/* Everything as it is without a link; `settle` as below. */
export function startAfresh(settle: () => void): void {
  batch(() => {
    complaints.clear();
    for (const entry of entries.values()) entry.reset();
    settle();
    tell();
  });
}

/* Where in the browser's history the page is: each entry has its number, counted from 0. */
const at = signal(0);
const last = signal(0);
export const canUndo = computed(() => at.value > 0);
export const canRedo = computed(() => at.value < last.value);
export const undo = (): void => {
  if (canUndo.value) history.back();
};
export const redo = (): void => {
  if (canRedo.value) history.forward();
};

const numberOf = (state: unknown): number => {
  const number = (state as { at?: unknown } | null)?.at;
  return typeof number === "number" ? number : 0;
};

/* Keys of undo and redo, where no box has its own. */
function undoKeys(event: KeyboardEvent): void {
  const isBox = event.target instanceof HTMLInputElement && event.target.type !== "range";
  if (isBox || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  const key = event.key.toLowerCase();
  if (key === "y" || (key === "z" && event.shiftKey)) redo();
  else if (key === "z") undo();
  else return;
  event.preventDefault();
}

const REST = 400; /* milliseconds without a change, after which the hand has come to rest */
const PACE = 100; /* milliseconds between writings, of which browsers allow 200 in 10 seconds */

/* Begins to keep the address and the entries alike. What the hand does until it rests is one entry of the browser's
   history, so that Back is undo; what the page settles by itself is none. It is written as it is done: a reload keeps
   what was chosen a moment before. `settle` sets the entries that need a value where the address has none.

   Between a new address and the event that tells of it other tasks may run: what is due to be written then belongs to
   the address before, and would be read back in place of the new one. */
export function keepHash(settle: () => void): void {
  let [resting, pacing] = [0, 0]; /* timers */
  let known = location.hash;
  let [touched, moving] = [false, false]; /* moving: the hand's entry of the history is there, and goes on */
  readRest();
  tell();
  at.value = last.value = numberOf(history.state);
  const touch = () => {
    touched = true;
  };
  for (const kind of ["pointerdown", "keydown", "input", "change"]) window.addEventListener(kind, touch, true);
  window.addEventListener("keydown", undoKeys);
  const write = (): void => {
    const text = written();
    if (location.hash !== known || known === `#${text}`) return;
    if (touched && !moving && !isEmbedded) {
      at.value += 1;
      last.value = at.value;
      history.pushState({ at: at.value }, "", `#${text}`);
      moving = true;
    } else history.replaceState({ at: at.value }, "", `#${text}`);
    known = location.hash;
  };
  const rest = (): void => {
    write();
    if (moving) touched = moving = false;
  };
  effect(() => {
    written();
    clearTimeout(resting);
    resting = window.setTimeout(rest, REST);
    if (pacing) return;
    queueMicrotask(write); /* once all that is chosen together is */
    pacing = window.setTimeout(() => {
      pacing = 0;
      write();
    }, PACE);
  });
  window.addEventListener("hashchange", () => {
    known = location.hash;
    touched = moving = false;
    at.value = numberOf(history.state);
    last.value = Math.max(last.value, at.value);
    given = addressed();
    batch(() => {
      for (const [key, entry] of entries) entry.read(given.get(key));
      readRest();
      settle();
      tell();
    });
  });
}
