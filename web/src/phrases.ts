/* Changes and scenarios in words. */
import { moneyInWords } from "./format";
import { instrumentName, keyName } from "./instruments";
import { productName } from "./products";
import { bodyOf, kindOf, type Change, type Scenario } from "./scenario";
import { nameOf, sectorName, world } from "./state";
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

/* The largest volume of a limit: a part of the base, or money. */
const volume = (at: unknown): string =>
  typeof at === "string" ? words.phrases.ofBase(at) : moneyInWords(Number(at ?? 0), world.value!.unit, false);

/* A change in words. */
export function wordsOf(change: Change): string {
  const body = bodyOf(change);
  const who = (key: string) => list(body[key], (code) => (code === "all" ? words.phrases.everybody : nameOf(code)));
  const sectors = body["products"]
    ? list(body["products"], productName)
    : list(body["sectors"] ?? "all", sectorName).toLowerCase();
  const sides = body["between"]
    ? words.phrases.between(who("between"), who("and"))
    : words.phrases.of(who("by"), who("on"));
  const rate = body["add"] ? words.phrases.up(String(body["add"])) : String(body["rate"] ?? "");
  switch (kindOf(change)) {
    case "tariff":
      return words.phrases.tariff(who("by"), who("on"), rate, sectors);
    case "trade-cost":
      return words.phrases.costs(sides, String(body["times"]), sectors);
    case "ban":
      return words.phrases.ban(sides, sectors);
    case "export-curb":
      return body["cut"] === undefined
        ? words.phrases.curbAt(who("by"), who("to"), volume(body["at"]), sectors)
        : words.phrases.curb(who("by"), who("to"), String(body["cut"]), sectors);
    case "quota":
      return body["cut"] === undefined
        ? words.phrases.quota(who("by"), volume(body["at"]), who("on"), sectors)
        : words.phrases.quotaCut(who("by"), who("on"), String(body["cut"]), sectors);
    case "leave":
      return words.phrases.leaves(who("region"), who("group"));
    case "join":
      return words.phrases.joins(who("region"), who("group"));
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
