/* Numbers as text, alike everywhere: thousands separated, percent with two decimals, missing values empty. */
import type { Row, Value } from "./api";

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const digits = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const two = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const MINUS = "\u2212";

const SCALES: [name: string, size: number][] = [
  ["trillion", 1e12],
  ["billion", 1e9],
  ["million", 1e6],
  ["thousand", 1e3],
];

const signed = (text: string): string => text.replace("-", MINUS);

/* A value in the unit of the world. */
export const money = (value: number): string => signed((Math.abs(value) < 10 ? digits : whole).format(value));

/* "257.7 billion US dollars": a value in the unit of the world, for people. `signs`: with a plus before gains. */
export function moneyInWords(value: number, unit: string, signs = true): string {
  const [, scale = "", currency = ""] = /^(thousand|million|billion|trillion)? ?([^,]*)/.exec(unit) ?? [];
  const plain_ = value * (SCALES.find(([name]) => name === scale)?.[1] ?? 1);
  const size = Math.abs(plain_);
  const [name, divisor] = SCALES.find(([, at]) => size >= at) ?? ["", 1];
  const number = digits.format(size / divisor);
  const sign = number === "0" ? "" : plain_ < 0 ? MINUS : signs ? "+" : "";
  return [`${sign}${number}`, name, currency].filter(Boolean).join(" ");
}

/* A share (0.25 is 25.00%). */
export const share = (value: number): string => signed(`${two.format(100 * value)}%`);

/* A value in percent, as in tables of changes; with its sign. */
export function percent(value: number): string {
  const text = two.format(value);
  return `${signed(text === "-0.00" ? "0.00" : value > 0 && text !== "0.00" ? `+${text}` : text)}%`;
}

/* The same where the sign would mislead: a tariff's rate, a cost. */
export const rate = (value: number): string => share(value / 100);

/* Small ones: four decimals. */
export const rate4 = (value: number): string => `${signed(value.toFixed(4))}%`;

export const plain = (value: number): string => signed(digits.format(value));

/* ---- Tables: what each column of each is headed, and how its cells are read ---- */

/* `percent` shows a plus sign for gains; `rate`, for tariffs and costs, shows none; `rate4` shows four decimals. */
type Reading = "money" | "share" | "percent" | "rate" | "rate4" | "plain" | "text";

/* The economies of a table: some headings name them. */
export interface Who {
  of: string;
  other: string;
}
type Heading = string | ((who: Who) => string);
type Column = [heading: Heading, reading: Reading, title?: Heading];

const sector: Column = ["Sector", "text"];
const region: Column = ["Economy", "text"];
const regret = "the most that the player could still gain by deviating, in percent of real income; 0 in an equilibrium";

/* The changes of the tables of economies. */
const changes = {
  welfare: ["Welfare", "percent", "real income of final demand"],
  real_gdp: ["Real GDP", "percent", "final demand plus exports less imports, at base prices"],
  real_wage: ["Real wage", "percent"],
  wage: ["Wage", "percent"],
  consumer_price: ["Consumer prices", "percent"],
  terms_of_trade: ["Terms of trade", "percent", "welfare from terms of trade"],
  volume_of_trade: ["Volume of trade", "percent", "welfare from the volume of trade that carries tariffs"],
  exports: ["Exports", "percent", "their value, with all others"],
  imports: ["Imports", "percent", "their value, from all others"],
  employment: ["Employment", "percent"],
} satisfies Record<string, Column>;

const instrument = { player: ["Player", "text"], instrument: ["Instrument", "text"], sector } satisfies Record<
  string,
  Column
>;

/* By table, then by column: a word may be another thing in another table. */
const tables = {
  gross: {
    sector,
    imports_from: ["Imports from", "money"],
    share_of_imports: ["of imports", "share", "its share of all imports of the sector"],
    share_of_use: ["of use", "share", "its share of all use of the sector's goods, domestic production included"],
    exports_to: ["Exports to", "money"],
    share_of_exports: ["of exports", "share", "its share of all exports of the sector"],
  },
  "value-added": {
    sector,
    value_added_exports: ["Value-added exports", "money"],
    value_added_imports: ["Value-added imports", "money"],
    value_added_balance: ["Value-added balance", "money"],
    balance: ["Gross balance", "money"],
  },
  "look-through": {
    sector,
    inputs: ["Inputs", "money"],
    direct_share_of_inputs: ["Direct, of inputs", "share", "its share of the inputs that the sector buys"],
    direct_share_of_upstream_output: [
      "Direct, of upstream output",
      "share",
      "its sales to the sector, as a share of the output of all suppliers at every stage behind the inputs",
    ],
    indirect_share_of_upstream_output: [
      "Indirect, of upstream output",
      "share",
      "its output for the suppliers of the sector and for their suppliers, as a share of the same output",
    ],
    total_share_of_upstream_output: ["Total, of upstream output", "share", "direct and indirect (look-through)"],
    total_over_direct: ["Total over direct", "plain", "total as a multiple of direct"],
    third_country_share_of_total: [
      "Third countries, of total",
      "share",
      "the share of the total that passes through a third country",
    ],
  },
  after: {
    sector,
    imports_from: ["Imports before", "money"],
    imports_from_new: ["after", "money", "imports after the levers"],
    imports_from_change: ["Change", "percent", "of imports"],
    share_of_imports: ["Share before", "share", "its share of all imports of the sector"],
    share_of_imports_new: ["after", "share", "its share of all imports of the sector after the levers"],
    exports_to: ["Exports before", "money"],
    exports_to_new: ["after", "money", "exports after the levers"],
    exports_to_change: ["Change", "percent", "of exports"],
  },
  regions: {
    region,
    ...changes,
    equivalent_variation: ["In money", "money", "equivalent variation: base income times the change of real income"],
    tariff_revenue_change: ["Tariff revenue", "money", "its change"],
  },
  sectors: {
    sector,
    output: ["Output", "percent", "volume"],
    price: ["Price", "percent"],
    value_added: ["Value added", "percent", "value"],
    employment: ["Employment", "percent"],
  },
  overview: {
    name: ["Trade or output of", "text"],
    about: ["What", "text"],
    base: ["Before", "money"],
    new: ["After", "money"],
    change: ["Change", "money"],
    percent: ["in percent", "percent"],
  },
  plan: {
    sector,
    imports: ["Imports", "money"],
    use: ["Use", "money"],
    inputs: ["Inputs", "money"],
    share: ["Share now", "share"],
    new_share: ["Planned", "share", "the share under the plan"],
    shadow_price: [
      "Shadow price",
      "money",
      "marginal cost a year of tightening the cap by one percentage point; 0 where the cap does not bind",
    ],
    tariff: ["Tariff", "rate", "percentage points, added to existing tariffs"],
    support_others: [
      "Subsidies on other imports",
      "rate",
      "on imports from all other suppliers, added to existing rates",
    ],
    support_home: ["Subsidies on domestic output", "rate", "of domestic output"],
  },
  players: {
    player: ["Player", "text"],
    aim: ["Aim", "text", "the objective of the player"],
    welfare: ["Welfare", "percent", "real income of final demand"],
    welfare_value: ["in money", "money", "the same a year"],
    regret: ["Regret", "rate4", regret],
    at_bounds: ["At bounds", "plain", "number of its rates at a bound"],
    settings: ["Rates", "plain", "number of rates that the player sets"],
  },
  coercion: {
    withheld: ["Withheld", "text"],
    imports: ["Imports", "money", ({ of, other }) => `imports of ${of} from ${other}`],
    loss: [({ of }) => `${of} loses`, "rate", "of its real income"],
    loss_value: ["in money", "money", "the same a year"],
    own_loss: [({ other }) => `${other} loses`, "rate", "of its real income"],
    own_loss_value: ["in money", "money", "the same a year"],
    leverage: ["Leverage", "plain", "loss of the target over own loss, both in percent"],
  },
  coalition: {
    partner: ["Partner", "text"],
    first: [
      ({ of }) => `${of}, if it joins alone`,
      "percent",
      ({ of }) => `the change for ${of} if the partner is the only one to join, percent of real income`,
    ],
    first_against: [
      ({ other }) => `${other}, if it joins alone`,
      "percent",
      ({ other }) => `the change for ${other} if the partner is the only one to join, percent of real income`,
    ],
    shapley: [
      ({ of }) => `${of}, over all sets`,
      "percent",
      ({ of }) => `Shapley value: the contribution of the partner to the change for ${of} under all partners together`,
    ],
    shapley_against: [
      ({ other }) => `${other}, over all sets`,
      "percent",
      ({ other }) =>
        `Shapley value: the contribution of the partner to the change for ${other} under all partners together`,
    ],
  },
  delay: {
    year: ["Year", "text"],
    cap: ["Cap", "share", ({ of, other }) => `on the share of ${other} in the imports of ${of}`],
    share_without: [
      ({ other }) => `Share ${other} would have`,
      "share",
      "under the plan's tariffs, without any subsidy",
    ],
    share: [({ other }) => `Share ${other} keeps`, "share", "by export subsidies"],
    price_cut: ["Price cut", "share", "reduction of its prices by the subsidies"],
    subsidies: ["Subsidies", "money", "a year"],
    cost: [({ other }) => `Cost to ${other}`, "rate", "of its real income"],
    cost_value: ["in money", "money", "the same a year"],
    gain_of: [({ of }) => `${of} gains`, "rate", "percentage points of its real income, from cheaper imports"],
  },
  rates: {
    ...instrument,
    rate: ["Rate", "rate", "tariffs: percentage points, added to existing ones"],
    bound: ["Bound", "text", "the bound at which the rate is"],
    trade: ["Base trade", "money", "trade before the game"],
  },
  responses: {
    ...instrument,
    alone: ["Alone", "rate", "its best response to the starting values of the others"],
    rate: ["Rate", "rate", "in the outcome of the game"],
  },
  bands: {
    region,
    estimate: ["At the estimates", "percent"],
    low: ["5% of draws", "percent", "5% of the draws are below"],
    median: ["Median", "percent"],
    high: ["95% of draws", "percent", "95% of the draws are below"],
  },
} satisfies Record<string, Record<string, Column>>;

export type TableName = keyof typeof tables;

const NOBODY: Who = { of: "", other: "" };
const columnOf = (table: TableName, column: string): Column | undefined =>
  (tables[table] as Record<string, Column>)[column];
const said = (heading: Heading | undefined, who: Who): string | undefined =>
  typeof heading === "function" ? heading(who) : heading;

/* The columns of a table in the order in which they stand. */
export const columnsOf = (table: TableName): string[] => Object.keys(tables[table]);
export const headingOf = (table: TableName, column: string, who: Who = NOBODY): string =>
  said(columnOf(table, column)?.[0], who) ?? column.replaceAll("_", " ");
export const explanationOf = (table: TableName, column: string, who: Who = NOBODY): string | undefined =>
  said(columnOf(table, column)?.[2], who);

/* The changes of economies that can be shown. */
export const CHANGES = Object.keys(changes);

/* A name that fits beside a picture: so many letters at most. */
export const clipped = (text: string, letters: number): string =>
  text.length > letters ? `${text.slice(0, Math.max(1, letters - 1))}…` : text;

/* One cell of a table as text. */
export function cell(table: TableName, column: string, value: Value | undefined): string {
  if (value === null || value === undefined) return "";
  if (typeof value !== "number") return String(value);
  const reading = columnOf(table, column)?.[1] ?? "money";
  if (reading === "text") return String(value);
  return { money, share, percent, rate, rate4, plain }[reading](value);
}

/* Percent with as many decimals as the largest of `values` needs to have three digits, at least two, so that small
   bars do not all read 0.00%. `signs`: with a plus before gains. */
export function percentLike(values: number[], signs = true): (value: number) => string {
  const largest = Math.max(...values.map(Math.abs), 0);
  const decimals = largest > 0 ? Math.max(2, Math.min(8, 2 - Math.floor(Math.log10(largest)))) : 2;
  const format = new Intl.NumberFormat("en", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  return (value) => {
    const text = format.format(value).replace(/^-(?=[0.]*$)/, "");
    return `${signed(signs && value > 0 && /[1-9]/.test(text) ? `+${text}` : text)}%`;
  };
}

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
