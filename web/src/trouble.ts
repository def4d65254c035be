/* Error messages in the terms of the page: the change or player concerned, its kind as the page calls it, and names for
   codes. The server names lines of a document that is not shown here. */
import { instrumentName } from "./instruments";
import { bodyOf, kindOf, type Change } from "./scenario";
import { nameOf, sectorName, world } from "./state";
import { words } from "./words";
import { figuresIn } from "./format";

type Document = Record<string, unknown>;

/* Words of the server's that stand for one thing each in its world: codes, and slugs that are no word of English. */
function inNames(text: string): string {
  const w = world.value;
  if (!w) return text;
  const economies = new Set([...w.regions, ...w.groups].map(({ code }) => code));
  const sectors = new Set(
    w.sectors.flatMap(({ code, slug }) => [code, slug]).filter((word) => word && !/^[a-z]+$/.test(word)),
  );
  return text.replace(/[A-Za-z0-9][A-Za-z0-9_-]*/g, (word) =>
    economies.has(word) ? nameOf(word) : sectors.has(word) ? sectorName(word) : word,
  );
}

/* A title or a note of the server's with names for codes and figures as the reader writes them. What stands in quotes
   is somebody's own word, and stays. */
export const inWords = (text: string): string =>
  text
    .split(/('[^']*')/)
    .map((part, i) => (i % 2 === 1 ? part : figuresIn(inNames(part))))
    .join("");

/* Which entry of the document's list `key` a line of JSON.stringify(document, null, 2) is in: 0 the first, -1 none. */
function entryAt(document: Document, key: string, line: number): number {
  const lines = JSON.stringify(document, null, 2).split("\n");
  const start = lines.findIndex((text) => text.startsWith(`  "${key}": [`));
  const end = lines.findIndex((text, i) => i > start && /^ {2}\]/.test(text));
  if (start < 0 || line - 1 <= start || line - 1 >= end) return -1;
  return lines.slice(start + 1, line).filter((text) => /^ {4}[{"[]/.test(text)).length - 1;
}

const changesOf = (document: Document): Change[] =>
  Array.isArray(document["changes"]) ? (document["changes"] as Change[]) : [];

/* "Change 4 (Export curb)" */
function changeName(changes: Change[], at: number): string {
  const change = changes[at];
  return change && Object.keys(bodyOf(change) ?? {}).length > 0
    ? words.trouble.change(at + 1, instrumentName(kindOf(change)))
    : words.trouble.change(at + 1, "");
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/* `document` is what the question was about: a scenario, or a game. */
export function inPageTerms(message: string, document: Document = {}): string {
  const placed = /^(?:scenario|game|settings|plan)(?::(\d+):\d+)?: (.*)$/s.exec(message);
  const text = placed?.[2] ?? message;
  const line = Number(placed?.[1] ?? 0);
  const changes = changesOf(document);
  const said = inWords(
    text.replace(/\bchange (\d+)(?: \([a-z-]+\))?/g, (_, n: string) => changeName(changes, Number(n) - 1)),
  );
  if (/^change \d/.test(said)) return capital(said);
  const change = line > 0 ? entryAt(document, "changes", line) : -1;
  if (change >= 0) return `${capital(changeName(changes, change))}: ${said}`;
  const player = line > 0 ? entryAt(document, "players", line) : -1;
  if (player >= 0) return `${words.trouble.player(player + 1)}: ${said}`;
  const setting =
    line > 0 ? /^ {2}"([a-z-]+)":/.exec(JSON.stringify(document, null, 2).split("\n")[line - 1] ?? "")?.[1] : undefined;
  const named = words.trouble.settings[setting ?? ""];
  return named ? `${named}: ${said}` : said;
}
