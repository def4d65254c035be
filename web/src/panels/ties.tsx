/* Ties: bilateral dependence. A map of the suppliers or customers of an economy, the flows between several economies,
   the trade with one partner by sector, and the balance. */
import * as Plot from "@observablehq/plot";
import { computed, signal, useComputed, useSignalEffect } from "@preact/signals";
import { questionOf, type About } from "../about";
import { get, isSum, singles, solve, type Query, type Row, type Table } from "../api";
import { useAnswer, type Answer } from "../answers";
import { columnsOf, money, percent, share, type TableName } from "../format";
import { inHash } from "../hash";
import { between, overlap, pairsOf } from "../pairs";
import { Chart } from "../parts/chart";
import { Combo, Economy } from "../parts/combo";
import { SectorSelect, Segments } from "../parts/controls";
import { Flows, type Flow } from "../parts/flows";
import { rowsDownload, type Download } from "../parts/menu";
import { Caption, ErrorLine } from "../parts/status";
import { Results } from "../parts/table";
import { restOfWorld, WorldMap, type Colouring } from "../parts/worldmap";
import { documentOf, isActive, isComplete, scenario } from "../scenario";
import { oneOf, truth } from "../schema";
import { certificate, membersOf, nameOf, of, others, sector, sectorName, to, world, year } from "../state";
import { inWords } from "../trouble";
import { words } from "../words";

const measure = inHash<string>(
  "ties.measure",
  "gross",
  oneOf("gross", "value-added", "look-through"),
); /* gross, value-added, look-through */
const way = inHash<string>(
  "ties.way",
  "imports",
  oneOf("imports", "exports"),
); /* what the map shows: imports or exports */
const after = inHash("ties.after", false, truth); /* what the scenario makes of it */
const gap = inHash<string>("ties.gap", "", oneOf("", "year", "sector")); /* year or sector */

const isAfter = computed(() => after.value && isActive.value);
const isGross = computed(() => isAfter.value || measure.value === "gross");
const isLookThrough = computed(() => !isAfter.value && measure.value === "look-through");
const sectors = computed(() => (isAfter.value || isLookThrough.value ? "all" : sector.value));

/* The last answers, for the downloads. */
const shown = signal<{ tie: Table | null; gap: Table | null }>({ tie: null, gap: null });

const unit = () => world.value!.unit;
const currency = () =>
  unit().split(",")[0]!; /* "million US dollars", where a sentence has no room for how they are priced */
const unitAndYear = () => `${unit()}, ${year.value}`;

/* ---- Questions ---- */

const queryOfTies = (): Query => ({
  year: year.value,
  sectors: sectors.value === "all" ? undefined : sectors.value,
  measure: isGross.value ? "gross" : "value-added",
});

const askPairs = (signal_: AbortSignal): Promise<Table> | null =>
  isAfter.value ? null : get("ties", queryOfTies(), signal_);

/* After the levers all four cards are of one solve. */
interface After {
  ties: Table;
  tie?: Table;
}

function askAfter(signal_: AbortSignal): Promise<After> | null {
  if (!isAfter.value || !isComplete(scenario.value!)) return null;
  const apart = !overlap(of.value, to.value);
  const body = {
    scenario: documentOf(scenario.value!, year.value),
    tables: ["ties"],
    ...(apart ? { tie: { of: of.value, with: to.value } } : {}),
  };
  return solve<After>("simulate", body, { signal: signal_ });
}

const askHidden = (signal_: AbortSignal): Promise<Table> | null =>
  isLookThrough.value ? get("exposure", { of: of.value, table: "hidden", year: year.value }, signal_) : null;

/* The table that a card shows, with the columns of the question that it answers. */
interface Shown {
  table: Table;
  name: TableName;
}

function askTie(signal_: AbortSignal): Promise<Shown> | null {
  if (isAfter.value || overlap(of.value, to.value)) return null;
  const query = { of: of.value, year: year.value };
  const name = measure.value as TableName;
  const answer =
    name === "value-added"
      ? get("balance", { ...query, with: to.value, by: "sector", "value-added": true }, signal_)
      : get("exposure", { ...query, to: to.value, table: name === "gross" ? "direct" : "hidden" }, signal_);
  return answer.then((table) => ({ table, name }));
}

const byYear = () => !isAfter.value && (gap.value || (world.value!.years.length > 1 ? "year" : "sector")) === "year";

/* A balance, and what is drawn of it: bars of one column, and dots of another. */
interface Gaps {
  table: Table;
  years: boolean;
  bars: string;
  dots: string | null;
}

function askGap(signal_: AbortSignal): Promise<Gaps> | null {
  if (isAfter.value || overlap(of.value, to.value)) return null;
  const [years, added] = [byYear(), measure.value === "value-added"];
  const query = { of: of.value, with: to.value, by: years ? "year" : "sector", "value-added": added };
  return get("balance", years ? query : { ...query, year: year.value }, signal_).then((table) => ({
    table,
    years,
    bars: added ? "value_added_balance" : "balance",
    dots: added ? "balance" : null,
  }));
}

/* ---- What is made of the answers ---- */

/* By partner: the value, and its share in all that the economy buys (or sells). */
function partners(rows: Row[], column: string): Map<string, { value: number; share: number }> {
  const pairs = pairsOf(rows, column);
  const own = new Set(membersOf(of.value));
  const sums = new Map<string, number>();
  for (const { code } of world.value!.regions)
    if (!own.has(code))
      sums.set(code, way.value === "imports" ? between(pairs, code, of.value) : between(pairs, of.value, code));
  const all = [...sums.values()].reduce((a, b) => a + b, 0);
  return new Map([...sums].map(([code, value]) => [code, { value, share: all > 0 ? value / all : 0 }]));
}

function colouring(pairs: Table | null, hidden: Table | null): Colouring {
  const values = new Map<string, number | "own">();
  for (const member of membersOf(of.value)) values.set(member, "own");
  if (isLookThrough.value) {
    for (const row of hidden ? singles(hidden) : [])
      values.set(String(row["supplier"]), Number(row["total_share_of_upstream_output"]));
  } else if (isAfter.value) {
    const [base, now] = [partners(pairs?.rows ?? [], "base"), partners(pairs?.rows ?? [], "new")];
    for (const [code, { value }] of base) if (value > 0) values.set(code, 100 * (now.get(code)!.value / value - 1));
  } else if (pairs) {
    for (const [code, found] of partners(pairs.rows, "value")) values.set(code, found.share);
  }
  return isAfter.value
    ? { values, text: percent, both: true }
    : { values, text: share, both: false, apart: restOfWorld() };
}

const chosen = computed(() =>
  [of.value, to.value, ...others.value].filter((code, i, all) => code && all.indexOf(code) === i),
);

function flows(table: Table | null): Flow[] {
  if (!table) return [];
  const now = pairsOf(table.rows, isAfter.value ? "new" : "value");
  const was = pairsOf(table.rows, "base");
  const found: Flow[] = [];
  for (const exporter of chosen.value)
    for (const importer of chosen.value)
      if (!overlap(exporter, importer))
        found.push({
          exporter,
          importer,
          value: between(now, exporter, importer),
          ...(isAfter.value ? { was: between(was, exporter, importer) } : {}),
        });
  return found;
}

const flowText = ({ exporter, importer, value, was }: Flow): string =>
  `${nameOf(exporter)} to ${nameOf(importer)}: ${money(value)} ${unitAndYear()}` +
  (was ? ` (${percent(100 * (value / was - 1))})` : "");

/* ---- Parts of the panel ---- */

function Controls() {
  return (
    <div class="card controls">
      <div class="row">
        <Economy
          label="Economy"
          value={of.value}
          choose={(code) => {
            of.value = code;
          }}
        />
        <Economy
          label="Partner"
          value={to.value}
          choose={(code) => {
            to.value = code;
          }}
        />
        <div class="wide">
          <Combo
            label="Flows also with"
            multiple
            chosen={others.value}
            choose={(codes) => {
              others.value = codes;
            }}
          />
        </div>
        <SectorSelect
          value={sectors.value}
          choose={(s) => {
            sector.value = s;
          }}
          disabled={isAfter.value || isLookThrough.value}
        />
        <Segments
          label="Measure"
          value={isAfter.value ? "gross" : measure.value}
          choose={(m) => {
            measure.value = m;
            after.value = false;
          }}
          choices={[
            { value: "gross", label: "Gross trade", title: "gross trade flows, as in trade statistics" },
            {
              value: "value-added",
              label: "Value added",
              title: "value added of one side in the final use of the other",
            },
            {
              value: "look-through",
              label: "Look-through",
              title: "indirect dependence through every stage of production and every third country",
            },
          ]}
        />
        <Segments
          label="Map shows"
          value={isLookThrough.value ? "imports" : way.value}
          choose={(w) => {
            way.value = w;
          }}
          choices={[
            { value: "imports", label: "Imports from" },
            ...(isLookThrough.value ? [] : [{ value: "exports", label: "Exports to" }]),
          ]}
        />
      </div>
    </div>
  );
}

function headline(pairs: Table | null, hidden: Table | null): string {
  const [a, b] = [nameOf(of.value), nameOf(to.value)];
  if (overlap(of.value, to.value)) return `${b} is part of ${a}: choose a partner outside it.`;
  if (isLookThrough.value) {
    if (!hidden) return "";
    const rows = singles(hidden).filter((row) => membersOf(to.value).includes(String(row["supplier"])));
    const sum = (column: string) => rows.reduce((all, row) => all + Number(row[column]), 0);
    const [direct, indirect, total] = ["direct", "indirect", "total"].map((part) =>
      sum(`${part}_share_of_upstream_output`),
    );
    const parts = `${share(direct!)} for direct sale to ${a}, ${share(indirect!)} indirectly, for other suppliers`;
    return `${share(total!)} of the output behind all inputs of ${a} is made in ${b}: ${parts}.`;
  }
  if (!pairs) return "";
  const imports = way.value === "imports";
  const what = sectors.value === "all" ? "" : ` of ${sectorName(sectors.value).toLowerCase()}`;
  const value = (column: string) => {
    const found = pairsOf(pairs.rows, column);
    return imports ? between(found, to.value, of.value) : between(found, of.value, to.value);
  };
  if (isAfter.value) {
    const [before, after] = [value("base"), value("new")];
    const levels = `${money(before)} before, ${money(after)} after, ${currency()}, ${year.value}`;
    return `${a} ${imports ? "buys from" : "sells to"} ${b} ${percent(100 * (after / before - 1))}: ${levels}.`;
  }
  const all = [...partners(pairs.rows, "value").values()].reduce((sum, p) => sum + p.value, 0);
  const counted = isGross.value ? "" : " in value added";
  const amount = `${money(value("value"))} ${currency()}${what}`;
  const part = share(all > 0 ? value("value") / all : 0);
  const total = `its ${imports ? "imports" : "exports"}${what ? " of it" : ""}, ${year.value}`;
  return `${a} ${imports ? `buys ${amount} from` : `sells ${amount} to`} ${b}${counted}: ${part} of ${total}.`;
}

/* ": Machinery" where a sector is chosen. */
const ofSector = (): string => (sectors.value === "all" ? "" : `: ${sectorName(sectors.value)}`);

function mapTitle(): string {
  const name = nameOf(of.value);
  if (isAfter.value) return `Change in ${way.value} of ${name} by partner, after the levers`;
  if (isLookThrough.value) return `Share of each in all inputs behind ${name}`;
  return `Share of each in ${way.value} of ${name}${ofSector()}${isGross.value ? "" : ", in value added"}`;
}

/* The state of a card: an error, or a note while there is no answer yet. */
function State({ answer }: { answer: Answer<unknown> }) {
  return (
    <>
      <ErrorLine message={answer.error} />
      {answer.waiting && !answer.value && <p class="soft waits">Computing …</p>}
    </>
  );
}

/* A card that shows an earlier answer is faded: at once where there is no other, and after a moment where one is on
   its way. */
const cardOf = (name: string, answer: Answer<unknown>): string =>
  `card ${name}${answer.old ? " old" : ""}${answer.waiting && answer.value ? " waiting" : ""}`;

function Tie({ answer }: { answer: Answer<Shown> }) {
  const shown = answer.value;
  const after = isAfter.value ? ", before and after the levers" : "";
  const title = `Trade of ${nameOf(of.value)} with ${nameOf(to.value)}, by sector${after}`;
  return (
    <section class={cardOf("tie", answer)}>
      <Caption
        title={title}
        detail={`${unitAndYear()}${shown?.table.source ? ` · source: ${shown.table.source}` : ""}`}
      />
      <State answer={answer} />
      {shown && (
        <Results
          table={shown.name}
          caption={`${inWords(shown.table.title)}, ${unit()}`}
          rows={shown.table.rows}
          isTotal={(row) => isSum(shown.table, row)}
          columns={columnsOf(shown.name).filter((c) => !shown.table.rows[0] || c in shown.table.rows[0])}
          names={(column, text) => (column === "sector" ? sectorName(text) : text)}
          chosen={sectors.value}
          choose={(s) => {
            if (!isLookThrough.value && !isAfter.value) sector.value = s;
          }}
        />
      )}
    </section>
  );
}

const GAP_LEFT = 150;

function gapOptions({ table, years, bars: value, dots }: Gaps): (width: number, height: number) => Plot.PlotOptions {
  const colour = (row: Row) => (Number(row[value]) < 0 ? "var(--loss)" : "var(--gain)");
  const common = { style: { background: "none", color: "var(--soft)", fontSize: "11px" } };
  if (years)
    return () => ({
      ...common,
      marginLeft: 62,
      marginBottom: 24,
      x: { label: null, tickFormat: (y: number) => String(y), ticks: Math.min(table.rows.length, 8) },
      y: { label: null, grid: true, tickFormat: money },
      marks: [
        Plot.rectY(table.rows, {
          x1: (r: Row) => Number(r["year"]) - 0.4,
          x2: (r: Row) => Number(r["year"]) + 0.4,
          y: value,
          fill: colour,
        }),
        Plot.ruleY([0], { stroke: "var(--soft)" }),
        ...(dots
          ? [Plot.dot(table.rows, { x: (r: Row) => Number(r["year"]), y: dots, fill: "var(--ink)", r: 2.5 })]
          : []),
      ],
    });
  return (width, height) => {
    const size = (row: Row) => Math.max(Math.abs(Number(row[value])), dots ? Math.abs(Number(row[dots])) : 0);
    const rows = [...singles(table)]
      .sort((a, b) => size(b) - size(a))
      .slice(0, Math.max(3, Math.floor((height - 24) / 17)));
    const left = Math.min(GAP_LEFT, width / 3);
    const letters = Math.floor(left / 6.8);
    const name = (row: Row) => sectorName(String(row["sector"]));
    return {
      ...common,
      marginLeft: left,
      marginTop: 2,
      marginBottom: 22,
      marginRight: 8,
      x: {
        label: null,
        grid: true,
        inset: 4,
        ticks: Math.floor((width - left) / 64),
        tickFormat: money,
        ...(rows.every((row) => Number(row[value]) === 0) ? { domain: [-1, 1] } : {}),
      },
      y: {
        label: null,
        domain: rows.map(name),
        tickSize: 0,
        tickFormat: (text: string) => (text.length > letters ? `${text.slice(0, letters - 1)}…` : text),
      },
      marks: [
        Plot.barX(rows, { x: value, y: name, fill: colour }),
        Plot.ruleX([0], { stroke: "var(--soft)" }),
        ...(dots ? [Plot.dot(rows, { x: dots, y: name, fill: "var(--ink)", r: 2.5 })] : []),
      ],
    };
  };
}

/* The meaning of bars and dots, and the year. */
const gapDetail = (): string =>
  [
    byYear() ? unit() : `${unitAndYear()}; the largest by size`,
    ...(isAfter.value ? ["after the levers; dots: before"] : measure.value === "value-added" ? ["dots: gross"] : []),
  ].join("; ");

function Gap({ answer }: { answer: Answer<Gaps> }) {
  const balance = !isAfter.value && measure.value === "value-added" ? "Value-added balance" : "Balance";
  const title = `${balance} of ${nameOf(of.value)} with ${nameOf(to.value)}`;
  return (
    <section class={cardOf("gap", answer)}>
      <div class="row between">
        <Caption title={title} detail={gapDetail()} />
        {world.value!.years.length > 1 && !isAfter.value && (
          <Segments
            label="Balance by"
            hidden
            value={byYear() ? "year" : "sector"}
            choose={(by) => {
              gap.value = by;
            }}
            choices={[
              { value: "year", label: "By year" },
              { value: "sector", label: "By sector" },
            ]}
          />
        )}
      </div>
      <State answer={answer} />
      {answer.value && (
        <Chart
          label={`${title}${isAfter.value ? " after the levers" : ""}, ${unitAndYear()}`}
          picture="balance"
          options={gapOptions(answer.value)}
        />
      )}
    </section>
  );
}

/* An answer made of another. */
const made = <A, B>(answer: Answer<A>, of_: (value: A) => B | null): Answer<B> => ({
  ...answer,
  value: answer.value === null ? null : of_(answer.value),
});

const gapsAfter = (tie: Table): Gaps => ({ table: tie, years: false, bars: "balance_new", dots: "balance" });

export function Ties() {
  const base = useAnswer(askPairs);
  const after_ = useAnswer(askAfter);
  const hidden = useAnswer(askHidden);
  const tieOf = useAnswer(askTie);
  const balanceOf = useAnswer(askGap);
  const pairs = useComputed(() => (isAfter.value ? made(after_.value, ({ ties }) => ties) : base.value));
  const tie = useComputed<Answer<Shown>>(() =>
    isAfter.value ? made(after_.value, ({ tie: table }) => (table ? { table, name: "after" } : null)) : tieOf.value,
  );
  const balance = useComputed<Answer<Gaps>>(() =>
    isAfter.value ? made(after_.value, ({ tie: table }) => (table ? gapsAfter(table) : null)) : balanceOf.value,
  );
  useSignalEffect(() => {
    shown.value = { tie: tie.value.value?.table ?? null, gap: balance.value.value?.table ?? null };
    const found = tie.value.value?.table.certificate ?? pairs.value.value?.certificate;
    if (found) certificate.value = found;
  });
  const mapped = isLookThrough.value ? hidden.value : pairs.value; /* what the map is of */
  const colours = useComputed(() => colouring(pairs.value.value, hidden.value.value));
  const drawn = useComputed(() => flows(pairs.value.value));
  const label = `${mapTitle()}, ${year.value}`;
  const isValueAdded = !isGross.value && !isLookThrough.value;
  const stands = isAfter.value ? ", after the levers" : isLookThrough.value ? ", gross: at face value" : "";
  return (
    <div class="panel ties">
      <Controls />
      <section class={cardOf("where", mapped)}>
        <State answer={mapped} />
        <p class="headline" role="status">
          {headline(pairs.value.value, hidden.value.value)}
        </p>
        <div class="row between">
          <Caption title={label} />
          {isActive.value && (
            <Segments
              label="World"
              hidden
              value={isAfter.value ? "after" : "base"}
              choose={(v) => {
                after.value = v === "after";
              }}
              choices={[
                { value: "base", label: "Base" },
                { value: "after", label: "After the levers" },
              ]}
            />
          )}
        </div>
        <WorldMap
          label={label}
          picture="map"
          colouring={colours.value}
          chosen={to.value}
          choose={(code) => {
            if (!overlap(code, of.value)) to.value = code;
          }}
        />
      </section>
      <section class={cardOf("streams", pairs.value)}>
        <Caption
          title={`Bilateral flows${ofSector()}`}
          detail={`exporters left, importers right; ${isValueAdded ? "value added, " : ""}${unitAndYear()}${stands}`}
        />
        {isLookThrough.value && <State answer={pairs.value} />}
        <Flows
          label={`Flows between the chosen economies, ${isValueAdded ? "value added" : "gross"}, ${unitAndYear()}`}
          picture="flows"
          flows={drawn.value}
          order={chosen.value}
          text={flowText}
          choose={({ exporter, importer }) => {
            if (exporter === of.value) to.value = importer;
            else if (importer === of.value) to.value = exporter;
            else {
              of.value = importer;
              to.value = exporter;
            }
          }}
        />
      </section>
      <Tie answer={tie.value} />
      <Gap answer={balance.value} />
    </div>
  );
}

export const tiesDownloads = (): Download[] => [
  ...(shown.value.tie ? [rowsDownload("Trade by sector", "tie.csv", shown.value.tie.rows)] : []),
  ...(shown.value.gap ? [rowsDownload("The balance", "balance.csv", shown.value.gap.rows)] : []),
];

export function tiesAbout(): About {
  const names = [nameOf(of.value), nameOf(to.value)] as const;
  const question = words.about.ties(isAfter.value ? "after the levers" : measure.value, ...names);
  const answer = [...(shown.value.tie?.answer ?? []), ...(shown.value.gap?.answer ?? [])].map(inWords);
  return { question: [question, ...(isAfter.value ? questionOf(scenario.value!) : [])], answer, command: "" };
}
