/* Numbers as people read them, alike everywhere: thousands apart, percent with two decimals, nothing for nothing. */
import type { Row, Value } from "./api";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const digits = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const two = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const MINUS = "\u2212";

const signed = (text: string): string => text.replace("-", MINUS);

/* A value in the unit of the world. */
export const money = (value: number): string => signed((Math.abs(value) < 10 ? digits : whole).format(value));

/* A share (0.25 is 25.00%). */
export const share = (value: number): string => signed(`${two.format(100 * value)}%`);

/* What is in percent already, as the tables of changes are; with its sign. */
export function percent(value: number): string {
  const text = two.format(value);
  return `${signed(text === "-0.00" ? "0.00" : value > 0 && text !== "0.00" ? `+${text}` : text)}%`;
}

/* The same where the sign would mislead: a tariff's rate, a cost. */
export const rate = (value: number): string => share(value / 100);

/* Small ones: four decimals. */
export const rate4 = (value: number): string => `${signed(value.toFixed(4))}%`;

export const plain = (value: number): string => signed(digits.format(value));

/* How the columns of the tables are read: their heading, and what their numbers are. The rest is money, or text. */
type Reading = "money" | "share" | "percent" | "rate" | "rate4" | "plain" | "text";
const columns: Record<string, [heading: string, reading: Reading, title?: string]> = {
  year: ["Year", "text"],
  sector: ["Sector", "text"],
  region: ["Economy", "text"],
  partner: ["Partner", "text"],
  supplier: ["Supplier", "text"],
  imports: ["Imports", "money"],
  imports_from: ["Imports from", "money"],
  exports: ["Exports", "money"],
  exports_to: ["Exports to", "money"],
  inputs: ["Inputs", "money"],
  share_of_imports: ["of imports", "share", "its share of all imports of the sector"],
  share_of_use: ["of use", "share", "its share of all that is used of the sector, own production included"],
  share_of_exports: ["of exports", "share", "its share of all exports of the sector"],
  share_of_output: ["of output", "share", "its share of all output of the sector"],
  concentration: ["HHI", "plain", "Herfindahl-Hirschman index of the foreign sources; 1 is a single one"],
  direct_share: ["Direct", "share", "its share of inputs, as a trade statistic shows it"],
  face_value: ["Face value", "share", "what is bought of it directly, as a share of inputs counted through every stage"],
  look_through: ["Look-through", "share", "what it makes of these inputs at all stages, through third countries too"],
  times: ["Times", "plain", "look-through as a multiple of face value"],
  through_third: ["Through third", "share", "the part of look-through that passes a third country"],
  balance: ["Balance", "money"],
  value_added_exports: ["Value-added exports", "money"],
  value_added_imports: ["Value-added imports", "money"],
  value_added_balance: ["Value-added balance", "money"],
  welfare: ["Welfare", "percent", "real income of final demand"],
  real_wage: ["Real wage", "percent"],
  wage: ["Wage", "percent"],
  consumer_price: ["Consumer prices", "percent"],
  terms_of_trade: ["Terms of trade", "percent", "welfare from terms of trade"],
  volume_of_trade: ["Volume of trade", "percent", "welfare from the volume of trade that carries tariffs"],
  employment: ["Employment", "percent"],
  output: ["Output", "percent", "volume"],
  price: ["Price", "percent"],
  value_added: ["Value added", "percent", "value"],
  base: ["Before", "money"],
  new: ["After", "money"],
  change: ["Change", "percent"],
  use: ["Use", "money"],
  share: ["Share now", "share"],
  cap: ["Cap", "share"],
  new_share: ["Planned", "share", "the share under the plan"],
  shadow_price: ["Shadow price", "money", "what the last percentage point of the cap costs a year; 0 where the cap does not bind"],
  tariff: ["Tariff", "rate", "percentage points, added to the tariffs that there are"],
  support_others: ["Support of others", "rate", "of imports from everybody else, added to what there is"],
  support_home: ["Support at home", "rate", "of own production"],
  cost: ["Cost", "rate", "percent of real income"],
  cost_value: ["Cost a year", "money"],
  revenue: ["Revenue", "money", "of the tariffs, a year"],
  support: ["Support", "money", "paid a year"],
  player: ["Player", "text"],
  aim: ["Aim", "text", "what the player wants"],
  welfare_value: ["in money", "money", "the same a year"],
  regret: ["Regret", "rate4", "the most that the player could still gain by leaving its settings, in percent of real income; 0 in an equilibrium"],
  at_bounds: ["At bounds", "plain", "how many of its rates are held by a bound"],
  settings: ["Rates", "plain", "how many rates the player sets"],
  instrument: ["Instrument", "text"],
  with: ["with", "text"],
  trade: ["Trade now", "money", "what is traded before the game"],
  rate: ["Rate", "rate", "tariffs are percentage points, added to those that there are"],
  bound: ["Held by", "text", "the bound that holds the rate"],
  withheld: ["Withheld", "text"],
  goods: ["Goods", "plain"],
  loss: ["Loss", "rate", "of real income"],
  loss_value: ["in money", "money"],
  own_loss: ["Own loss", "rate", "of real income of who withholds"],
  own_loss_value: ["in money", "money"],
  leverage: ["Leverage", "plain", "the loss over the own loss, both in percent"],
  first: ["If alone", "percent", "what it changes if it is the only one to join, percent of real income"],
  first_against: ["the other", "percent"],
  shapley: ["Shapley", "percent", "its share of what all partners change together, over all sets of them"],
  shapley_against: ["the other", "percent"],
  share_without: ["Share without", "share", "where the plan would bring it"],
  price_cut: ["Price cut", "share"],
  subsidies: ["Subsidies", "money"],
  gain_of: ["The other gains", "rate"],
  estimate: ["At the estimates", "percent"],
  low: ["5% of draws", "percent", "5% of the draws are below"],
  median: ["Median", "percent"],
  high: ["95% of draws", "percent", "95% of the draws are below"],
  alone: ["Alone", "rate", "its best response while the others stay where they begin"],
};

/* A name that fits beside a picture: so many letters at most. */
export const clipped = (text: string, letters: number): string => text.length > letters ? `${text.slice(0, Math.max(1, letters - 1))}…` : text;

export const headingOf = (column: string): string => columns[column]?.[0] ?? column.replaceAll("_", " ");
export const explanationOf = (column: string): string | undefined => columns[column]?.[2];

/* One cell of a table as text. `readings` says otherwise for single columns: the same word may be a value here, a change there. */
export function cell(column: string, value: Value | undefined, readings: Record<string, Reading> = {}): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "number") return String(value);
  const reading = readings[column] ?? columns[column]?.[1] ?? "money";
  if (reading === "text") return String(value);
  return { money, share, percent, rate, rate4, plain }[reading](value);
}

export type Readings = Record<string, Reading>;

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
  return [names.join(","), ...rows.map((row) => names.map((name) => quote(row[name])).join(","))].join("\n") + "\n";
}
