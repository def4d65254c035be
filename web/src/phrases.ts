/* Changes and scenarios in words. */
import { instrumentName, keyName } from "./instruments";
import { bodyOf, kindOf, type Change, type Scenario } from "./scenario";
import { nameOf, sectorName } from "./state";
import { words } from "./words";

const list = (codes: unknown, name: (code: string) => string): string =>
  [codes ?? []]
    .flat()
    .map((code) => name(String(code)))
    .join(", ");

/* The keys of an instrument with what they hold. */
const plainWords = (body: Record<string, unknown>): string =>
  Object.entries(body)
    .map(([key, value]) => `${keyName(key).toLowerCase()} ${list(value, (code) => sectorName(nameOf(code)))}`)
    .join("; ");

/* A change in words. */
export function wordsOf(change: Change): string {
  const body = bodyOf(change);
  const who = (key: string) => list(body[key], (code) => (code === "all" ? "all economies" : nameOf(code)));
  const sectors = list(body["sectors"] ?? "all", sectorName).toLowerCase();
  const sides = body["between"] ? `between ${who("between")} and ${who("and")}` : `of ${who("by")} on ${who("on")}`;
  const rate = body["add"] ? `up by ${String(body["add"])}` : String(body["rate"] ?? "");
  switch (kindOf(change)) {
    case "tariff":
      return `Tariff of ${who("by")} on ${who("on")} ${rate}: ${sectors}`;
    case "trade-cost":
      return `Trade costs ${sides} × ${String(body["times"])}: ${sectors}`;
    case "ban":
      return `Ban ${sides}: ${sectors}`;
    case "export-curb":
      return `${who("by")} cuts its exports to ${who("to")} by ${String(body["cut"])}: ${sectors}`;
    case "quota":
      return `${who("by")} buys at most ${String(body["at"])} from ${who("on")}: ${sectors}`;
    case "leave":
      return `${who("region")} leaves ${who("group")}`;
    case "join":
      return `${who("region")} joins ${who("group")}`;
    default:
      return `${instrumentName(kindOf(change))}: ${plainWords(body)}`;
  }
}

/* The name that a scenario was given, else its first change. */
export function titleOf({ title, changes }: Scenario): string {
  if (title) return title;
  const [first, ...more] = changes;
  return first ? words.shelf.and(wordsOf(first), more.length) : words.shelf.nothing;
}
