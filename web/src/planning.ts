/* The question to the planner (docs/plan.md), for the server and as a command line. */
import { computed } from "@preact/signals";
import { solve, type Row, type Solving, type Table } from "./api";
import { beside } from "./beside";
import { inHash } from "./hash";
import { job } from "./job";
import { settingOptions, settingsNow } from "./parts/horizon";
import { sectorsIn } from "./parts/sectors";
import type { Change } from "./scenario";
import { anything, listOf, number, object, oneOf, optional, recordOf, text, truth, where, type Schema } from "./schema";
import { certificate, checkNames, membersOf, of, to, world } from "./state";

const part = number(0, 1);
const lever = where(listOf<string>(oneOf("tariff", "others", "home")), (all) => all.length > 0);

export const aim = inHash<string>(
  "plan.aim",
  "cap",
  oneOf("cap", "budget", "max-loss", "risk"),
); /* cap, budget, max-loss or risk */
export const cap = inHash("plan.cap", 0.2, part);
export const caps = inHash<Record<string, number>>(
  "plan.caps",
  {},
  recordOf(part),
); /* of single sectors, beside the cap of all */
export const budget = inHash("plan.budget", 0.001, number(0, 1));
export const maxLoss = inHash("plan.max-loss", 0.01, number(0, 1)); /* if the partner cuts supply */
export const risk = inHash("plan.risk", 0.05, number(0, 1)); /* that it does, in a year */
export const stock = inHash("plan.stock", 0, number(0, 12)); /* months that are kept against it */
export const sectors = inHash<string[]>("plan.sectors", [], listOf(text));
export const levers = inHash<string[]>("plan.levers", ["tariff"], lever);
export const shareOf = inHash<string>("plan.share", "imports", oneOf("imports", "use", "look-through"));
export const frontier = inHash("plan.frontier", false, truth); /* that it is drawn */

checkNames("plan", () => ({ sectors: [...sectors.value, ...Object.keys(caps.value)] }));

export interface Question {
  of: string;
  from: string;
  cap?: number | undefined;
  caps?: Record<string, number> | undefined;
  budget?: number | undefined;
  "max-loss"?: number | undefined;
  risk?: number | undefined;
  stock?: number | undefined;
  sectors?: string[] | undefined;
  levers: string[];
  share: string;
  settings: Record<string, unknown>;
}

const asked_: Schema<Question> = object<Question>({
  of: text,
  from: text,
  cap: optional(part),
  caps: optional(recordOf(part)),
  budget: optional(number(0, 1)),
  "max-loss": optional(number(0, 1)),
  risk: optional(number(0, 1)),
  stock: optional(number(0, 12)),
  sectors: optional(listOf(text)),
  levers: lever,
  share: oneOf("imports", "use", "look-through"),
  settings: recordOf(anything),
});

/* The part that the plan and the frontier share. */
const common = computed<Question>(() => ({
  of: of.value,
  from: to.value,
  ...(sectors.value.length > 0 ? { sectors: sectors.value } : {}),
  levers: levers.value,
  share: shareOf.value,
  settings: settingsNow(),
}));

export const ownCaps = computed(() =>
  Object.fromEntries(Object.entries(caps.value).filter(([sector]) => sectorsIn(sectors.value).includes(sector))),
);

const goal = (): Partial<Question> => {
  const kept = stock.value > 0 ? { stock: stock.value } : {};
  switch (aim.value) {
    case "budget":
      return { budget: budget.value };
    case "max-loss":
      return { "max-loss": maxLoss.value, ...kept };
    case "risk":
      return { risk: risk.value, ...kept };
    default:
      return { cap: cap.value };
  }
};

/* Caps of single sectors name their sectors, all of them. */
const ownGoal = (): Question => {
  const { sectors: _, ...rest } = common.value;
  return {
    ...rest,
    caps: Object.fromEntries(sectorsIn(sectors.value).map((sector) => [sector, ownCaps.value[sector] ?? cap.value])),
  };
};

const hasOwn = (): boolean => aim.value === "cap" && Object.keys(ownCaps.value).length > 0;

export const question = computed<Question>(() => (hasOwn() ? ownGoal() : { ...common.value, ...goal() }));
export const curveQuestion = common;

export interface Plan {
  sectors: Table;
  regions: Table;
}

const askPlan = (asked: Question, solving: Required<Solving>): Promise<Plan> => solve("plan", asked, solving);

export const plan = job<Question, Plan>(askPlan);
export const kept = beside<Question, Plan>("plan.beside", asked_, askPlan);
export const curve = job<Question, { curve: Table }>((asked, solving) => solve("curve", asked, solving));

export async function makePlan(): Promise<void> {
  await plan.start(question.value);
  const made = plan.answer.value?.value.sectors.certificate;
  if (made) certificate.value = made;
}

/* Results of the plan as a whole. */
export interface Facts {
  cost: number /* to all regions together, percent of the real income of the economy that plans */;
  cost_value: number;
  terms_of_trade_value: number;
  own_loss_value: number;
  others_loss_value: number;
  share_before: number;
  share: number;
  revenue: number;
  support: number;
  loss_before?: number;
  loss?: number;
  break_even?: number;
  stock_cost_value?: number;
  expected_gain?: number;
  expected_gain_value?: number;
}
export const factsOf = (table: Table): Facts => table["plan"] as Facts;

/* The plan's rates as changes of a scenario. Support of one's own production is none of the scenario's changes. */
export function changesOf(asked: Question, rows: Row[]): Change[] {
  const add = (row: Row, column: string, on: string | string[], sign: number): Change[] => {
    const found = Number(row[column] ?? 0);
    return found === 0
      ? []
      : [{ tariff: { by: asked.of, on, sectors: [String(row["sector"])], add: `${sign * found}%` } }];
  };
  const sides = [...membersOf(asked.of), ...membersOf(asked.from)];
  const elsewhere = world.value!.regions.map((region) => region.code).filter((code) => !sides.includes(code));
  return rows.flatMap((row) => [...add(row, "tariff", asked.from, 1), ...add(row, "support_others", elsewhere, -1)]);
}

const rateText = (value: number): string => `${+(100 * value).toPrecision(12)}%`;

/* The same on the command line. */
export function commandOf(asked: Question): string {
  const rates = (["cap", "budget", "max-loss", "risk"] as const).flatMap((key) =>
    asked[key] === undefined ? [] : [`--${key}`, rateText(asked[key])],
  );
  const wanted = asked.caps ? ["--cap-file", "caps.csv"] : rates.length > 0 ? rates : ["--curve"];
  return [
    "derisk plan",
    world.value!.title,
    asked.of,
    "--from",
    asked.from,
    ...wanted,
    ...(asked.stock ? ["--stock", String(asked.stock)] : []),
    ...(asked.sectors ? ["--sectors", asked.sectors.join(",")] : []),
    "--levers",
    asked.levers.join(","),
    "--share",
    asked.share,
    ...settingOptions(asked.settings),
  ].join(" ");
}

export const capsRows = (asked: Question): Row[] =>
  Object.entries(asked.caps ?? {}).map(([sector, value]) => ({ sector, cap: value }));
