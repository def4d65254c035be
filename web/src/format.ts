/* Numbers as text, alike everywhere and in the notation of the reader's locale: thousands separated, percent with two
   decimals, missing values empty. Files have the digits of the command, whatever the locale. */
import type { Row, Value } from "./api";

/* The reader's, where the page runs in a browser. */
const LOCALES: readonly string[] = globalThis.navigator?.languages ?? ["en"];
const MINUS = "\u2212";

const formats = new Map<string, Intl.NumberFormat>();

/* A format for each set of options; making one takes longer than using it. */
function formatOf(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  let found = formats.get(key);
  if (!found) {
    found = new Intl.NumberFormat(LOCALES as string[], { numberingSystem: "latn", ...options });
    formats.set(key, found);
  }
  return found;
}

const signed = (text: string): string => text.replace("-", MINUS);
const isZero = (text: string): boolean => !/[1-9]/.test(text);

/* A number with so many decimals, with a minus that is as wide as a plus; what rounds to nothing has no sign. */
export function decimals(value: number, count: number): string {
  const text = formatOf({ minimumFractionDigits: count, maximumFractionDigits: count }).format(value);
  return isZero(text) ? text.replace("-", "") : signed(text);
}

/* At most so many decimals: ticks of an axis. */
export const atMost = (value: number, count: number): string =>
  signed(formatOf({ maximumFractionDigits: count }).format(Object.is(value, -0) ? 0 : value));

/* With four digits. */
export const plain = (value: number): string => signed(formatOf({ maximumSignificantDigits: 4 }).format(value));

/* A count. */
export const count = (value: number): string => atMost(value, 0);

/* A small residual: "1.1e−11". */
export const tiny = (value: number): string => (value === 0 ? "0" : signed(value.toExponential(1)));

/* A value in the unit of the world. */
export const money = (value: number): string => (Math.abs(value) < 10 ? plain(value) : atMost(value, 0));

const SCALES: [name: string, size: number][] = [
  ["trillion", 1e12],
  ["billion", 1e9],
  ["million", 1e6],
  ["thousand", 1e3],
];

/* "257.7 billion US dollars": a value in the unit of the world, for people. `signs`: with a plus before gains. */
export function moneyInWords(value: number, unit: string, signs = true): string {
  const [, scale = "", currency = ""] = /^(thousand|million|billion|trillion)? ?([^,]*)/.exec(unit) ?? [];
  const plain_ = value * (SCALES.find(([name]) => name === scale)?.[1] ?? 1);
  const size = Math.abs(plain_);
  const [name, divisor] = SCALES.find(([, at]) => size >= at) ?? ["", 1];
  const number = plain(size / divisor);
  const sign = number === "0" ? "" : plain_ < 0 ? MINUS : signs ? "+" : "";
  return [`${sign}${number}`, name, currency].filter(Boolean).join(" ");
}

/* A share (0.25 is 25.00%). */
export const share = (value: number): string => `${decimals(100 * value, 2)}%`;

const withPlus = (value: number, text: string): string => (value > 0 && !isZero(text) ? `+${text}` : text);

/* A value in percent, as in tables of changes; with its sign. */
export const percent = (value: number): string => `${withPlus(value, decimals(value, 2))}%`;

/* The same where the sign would mislead: a tariff's rate, a cost. */
export const rate = (value: number): string => share(value / 100);

/* Small ones: four decimals. */
export const rate4 = (value: number): string => `${decimals(value, 4)}%`;

/* A cost of 0.0017% would round to nothing. */
export const fine = (value: number): string => (Math.abs(value) >= 0.1 ? rate(value) : rate4(value));

/* Percent with as many decimals as the largest of `values` needs to have three digits, at least two, so that small
   bars do not all read 0.00%. `signs`: with a plus before gains. */
export function percentLike(values: number[], signs = true): (value: number) => string {
  const largest = Math.max(...values.map(Math.abs), 0);
  const places = largest > 0 ? Math.max(2, Math.min(8, 2 - Math.floor(Math.log10(largest)))) : 2;
  return (value) => {
    const text = decimals(value, places);
    return `${signs ? withPlus(value, text) : text}%`;
  };
}

/* The server's sentences have English figures: "153,377.5" becomes "153.377,5" for a German reader. Whole numbers below
   a thousand and years are alike everywhere. */
export const figuresIn = (text: string): string =>
  text.replace(
    /(?<![\w.,-])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\w]|[.,]\d)|(?<![\w.,-])\d+\.\d+(?![\w]|[.,]\d)/g,
    (found) => decimals(Number(found.replaceAll(",", "")), (found.split(".")[1] ?? "").length),
  );

/* A name that fits beside a picture: so many letters at most. */
export const clipped = (text: string, letters: number): string =>
  text.length > letters ? `${text.slice(0, Math.max(1, letters - 1))}…` : text;

/* ---- Files ---- */

/* All digits, in the notation of the command, which is C's. */
function exact(value: number): string {
  const isTiny = value !== 0 && Math.abs(value) < 1e-4;
  return isTiny ? value.toExponential().replace(/e-(\d)$/, "e-0$1") : String(value);
}

/* The rows as the command prints them with --format csv. */
export function csv(rows: Row[]): string {
  if (rows.length === 0) return "";
  const names = Object.keys(rows[0]!);
  const quote = (value: Value | undefined) => {
    const text = value === null || value === undefined ? "" : typeof value === "number" ? exact(value) : String(value);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [names.join(","), ...rows.map((row) => names.map((name) => quote(row[name])).join(","))]
    .join("\n")
    .concat("\n");
}
