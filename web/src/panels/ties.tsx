/* Ties: who depends on whom. A map of whom an economy buys from or sells to, the flows between a few, the tie's rows, the gap. */
import * as Plot from "@observablehq/plot";
import { computed, signal, useComputed } from "@preact/signals";
import { get, solve, type Query, type Row, type Table } from "../api";
import { useAnswer, type Answer } from "../answers";
import { money, percent, plain, share } from "../format";
import { inHash } from "../hash";
import { between, overlap, pairsOf } from "../pairs";
import { Chart } from "../parts/chart";
import { Combo, Economy } from "../parts/combo";
import { SectorSelect, Segments } from "../parts/controls";
import { Flows, type Flow } from "../parts/flows";
import { rowsDownload, type Download } from "../parts/menu";
import { Caption, ErrorLine } from "../parts/status";
import { Results } from "../parts/table";
import { WorldMap, type Colouring } from "../parts/worldmap";
import { documentOf, isActive, scenario } from "../scenario";
import { certificate, membersOf, nameOf, of, others, sector, sectorName, to, world, year } from "../state";

const measure = inHash("ties.measure", "gross"); /* gross, value-added, look-through */
const way = inHash("ties.way", "imports");       /* what the map shows: imports or exports */
const after = inHash("ties.after", false);       /* what the scenario makes of it */
const gap = inHash("ties.gap", "");              /* year or sector */

const isAfter = computed(() => after.value && isActive.value);
const isGross = computed(() => isAfter.value || measure.value === "gross");
const isLookThrough = computed(() => !isAfter.value && measure.value === "look-through");
const sectors = computed(() => isAfter.value || isLookThrough.value ? "all" : sector.value);

/* What each answer had last, for the downloads. */
const shown = signal<{ tie: Table | null; gap: Table | null }>({ tie: null, gap: null });

const unit = () => world.value!.unit;
const currency = () => unit().split(",")[0]!; /* "million US dollars", where a sentence has no room for how they are priced */
const unitAndYear = () => `${unit()}, ${year.value}`;

/* ---- Questions ---- */

const queryOfTies = (): Query => ({
  year: year.value, sectors: sectors.value === "all" ? undefined : sectors.value,
  measure: isGross.value ? "gross" : "value-added",
});

function askPairs(signal_: AbortSignal): Promise<Table> {
  if (!isAfter.value) return get("ties", queryOfTies(), signal_);
  const body = { scenario: documentOf(scenario.value!, year.value), tables: ["ties"] };
  return solve<{ ties: Table }>("simulate", body, { signal: signal_ }).then(({ ties }) => ties);
}

const askHidden = (signal_: AbortSignal): Promise<Table> | null =>
  isLookThrough.value ? get("exposure", { of: of.value, table: "hidden", year: year.value }, signal_) : null;

function askTie(signal_: AbortSignal): Promise<Table> {
  const query = { of: of.value, year: year.value };
  const answer = measure.value === "value-added"
    ? get("balance", { ...query, with: to.value, by: "sector", "value-added": true }, signal_)
    : get("exposure", { ...query, to: to.value, table: measure.value === "gross" ? "direct" : "hidden" }, signal_);
  return answer.then((table) => {
    shown.value = { ...shown.value, tie: table };
    if (table.certificate) certificate.value = table.certificate;
    return table;
  });
}

const byYear = () => (gap.value || (world.value!.years.length > 1 ? "year" : "sector")) === "year";

function askGap(signal_: AbortSignal): Promise<Table> {
  const query = { of: of.value, with: to.value, by: byYear() ? "year" : "sector", "value-added": measure.value === "value-added" };
  return get("balance", byYear() ? query : { ...query, year: year.value }, signal_).then((table) => {
    shown.value = { ...shown.value, gap: table };
    return table;
  });
}

/* ---- What is made of the answers ---- */

/* By partner: the value, and its share in all that the economy buys (or sells). */
function partners(rows: Row[], column: string): Map<string, { value: number; share: number }> {
  const pairs = pairsOf(rows, column);
  const own = new Set(membersOf(of.value));
  const sums = new Map<string, number>();
  for (const { code } of world.value!.regions)
    if (!own.has(code)) sums.set(code, way.value === "imports" ? between(pairs, code, of.value) : between(pairs, of.value, code));
  const all = [...sums.values()].reduce((a, b) => a + b, 0);
  return new Map([...sums].map(([code, value]) => [code, { value, share: all > 0 ? value / all : 0 }]));
}

function colouring(pairs: Table | null, hidden: Table | null): Colouring {
  const values = new Map<string, number | "own">();
  for (const member of membersOf(of.value)) values.set(member, "own");
  if (isLookThrough.value) {
    for (const row of hidden?.rows ?? []) values.set(String(row["supplier"]), Number(row["look_through"]));
  } else if (isAfter.value) {
    const [base, now] = [partners(pairs?.rows ?? [], "base"), partners(pairs?.rows ?? [], "new")];
    for (const [code, { value }] of base) if (value > 0) values.set(code, 100 * (now.get(code)!.value / value - 1));
  } else if (pairs) {
    for (const [code, found] of partners(pairs.rows, "value")) values.set(code, found.share);
  }
  return isAfter.value ? { values, text: percent, both: true } : { values, text: share, both: false, apart: "ROW" };
}

const chosen = computed(() => [of.value, to.value, ...others.value].filter((code, i, all) => code && all.indexOf(code) === i));

function flows(table: Table | null): Flow[] {
  if (!table) return [];
  const now = pairsOf(table.rows, isAfter.value ? "new" : "value");
  const was = pairsOf(table.rows, "base");
  const found: Flow[] = [];
  for (const exporter of chosen.value)
    for (const importer of chosen.value)
      if (!overlap(exporter, importer))
        found.push({ exporter, importer, value: between(now, exporter, importer), ...(isAfter.value ? { was: between(was, exporter, importer) } : {}) });
  return found;
}

const flowText = ({ exporter, importer, value, was }: Flow): string =>
  `${nameOf(exporter)} to ${nameOf(importer)}: ${money(value)} ${unitAndYear()}` + (was ? ` (${percent(100 * (value / was - 1))})` : "");

/* ---- Parts of the panel ---- */

function Controls() {
  return (
    <div class="card controls">
      <div class="row">
        <Economy label="Economy" value={of.value} choose={(code) => { of.value = code; }} />
        <Economy label="and its partner" value={to.value} choose={(code) => { to.value = code; }} />
        <div class="wide"><Combo label="Flows also with" multiple chosen={others.value} choose={(codes) => { others.value = codes; }} /></div>
        <SectorSelect value={sectors.value} choose={(s) => { sector.value = s; }} disabled={isAfter.value || isLookThrough.value} />
        <Segments label="Measured by" value={isAfter.value ? "gross" : measure.value} choose={(m) => { measure.value = m; after.value = false; }} choices={[
          { value: "gross", label: "Gross trade", title: "at face value, as a trade statistic counts it" },
          { value: "value-added", label: "Value added", title: "what labour and capital of one side add to the final use of the other" },
          { value: "look-through", label: "Look-through", title: "through every stage of production and every third country" },
        ]} />
        <Segments label="Map shows" value={isLookThrough.value ? "imports" : way.value} choose={(w) => { way.value = w; }}
          choices={[{ value: "imports", label: "Buys from" }, ...(isLookThrough.value ? [] : [{ value: "exports", label: "Sells to" }])]} />
      </div>
    </div>
  );
}

function headline(pairs: Table | null, hidden: Table | null): string {
  const [a, b] = [nameOf(of.value), nameOf(to.value)];
  if (overlap(of.value, to.value)) return `${b} is part of ${a}: choose a partner outside it.`;
  if (isLookThrough.value) {
    const row = hidden?.rows.find((r) => r["supplier"] === to.value);
    if (!row) return "";
    return `${share(Number(row["look_through"]))} of all inputs behind ${a} are made in ${b}, ${plain(Number(row["times"]))} times what is bought from it directly.`;
  }
  if (!pairs) return "";
  const imports = way.value === "imports";
  const what = sectors.value === "all" ? "" : ` of ${sectorName(sectors.value).toLowerCase()}`;
  const value = (column: string) => {
    const found = pairsOf(pairs.rows, column);
    return imports ? between(found, to.value, of.value) : between(found, of.value, to.value);
  };
  if (isAfter.value) return `${a} ${imports ? "buys from" : "sells to"} ${b} ${percent(100 * (value("new") / value("base") - 1))}: ${money(value("base"))} before, ${money(value("new"))} after, ${currency()}, ${year.value}.`;
  const all = [...partners(pairs.rows, "value").values()].reduce((sum, p) => sum + p.value, 0);
  const counted = isGross.value ? "" : " in value added";
  return `${a} ${imports ? "buys" : "sells"} ${money(value("value"))} ${currency()}${what} ${imports ? "from" : "to"} ${b}${counted}: ${share(all > 0 ? value("value") / all : 0)} of its ${imports ? "imports" : "exports"}${what ? " of it" : ""}, ${year.value}.`;
}

const mapTitle = (): string => isAfter.value
  ? `Change of what ${nameOf(of.value)} ${way.value === "imports" ? "buys from" : "sells to"} each, after the levers`
  : isLookThrough.value ? `Share of each in all inputs behind ${nameOf(of.value)}`
    : `Share of each in ${way.value} of ${nameOf(of.value)}${sectors.value === "all" ? "" : `: ${sectorName(sectors.value)}`}${isGross.value ? "" : ", in value added"}`;

const COLUMNS: Record<string, string[]> = {
  gross: ["sector", "imports_from", "share_of_imports", "share_of_use", "exports_to", "share_of_exports"],
  "value-added": ["sector", "value_added_exports", "value_added_imports", "value_added_balance", "balance"],
  "look-through": ["sector", "inputs", "direct_share", "face_value", "look_through", "times", "through_third"],
};

function Tie({ answer }: { answer: Answer<Table> }) {
  const table = answer.value;
  return (
    <section class="card tie">
      <Caption title={`The tie of ${nameOf(of.value)} with ${nameOf(to.value)}, by sector`} detail={`${unitAndYear()}${table?.source ? ` · source: ${table.source}` : ""}`} />
      <ErrorLine message={answer.error} />
      {table && (
        <Results caption={`${table.title}, ${unit()}`} rows={table.rows} columns={COLUMNS[measure.value]!.filter((c) => !table.rows[0] || c in table.rows[0])}
          names={(column, text) => column === "sector" ? sectorName(text) : text} chosen={sector.value}
          choose={(s) => { if (!isLookThrough.value) sector.value = s; }} />
      )}
    </section>
  );
}

const GAP_LEFT = 150;

function gapOptions(table: Table): (width: number, height: number) => Plot.PlotOptions {
  const value = measure.value === "value-added" ? "value_added_balance" : "balance";
  const gross = measure.value === "value-added"; /* a dot beside the bar */
  const colour = (row: Row) => Number(row[value]) < 0 ? "var(--loss)" : "var(--gain)";
  const common = { style: { background: "none", color: "var(--soft)", fontSize: "11px" } };
  if (byYear()) return () => ({
    ...common, marginLeft: 62, marginBottom: 24,
    x: { label: null, tickFormat: (y: number) => String(y), ticks: Math.min(table.rows.length, 8) }, y: { label: null, grid: true, tickFormat: money },
    marks: [
      Plot.rectY(table.rows, { x1: (r: Row) => Number(r["year"]) - 0.4, x2: (r: Row) => Number(r["year"]) + 0.4, y: value, fill: colour }),
      Plot.ruleY([0], { stroke: "var(--soft)" }),
      ...(gross ? [Plot.dot(table.rows, { x: (r: Row) => Number(r["year"]), y: "balance", fill: "var(--ink)", r: 2.5 })] : []),
    ],
  });
  return (width, height) => {
    const rows = [...table.rows].filter((row) => row["sector"] !== "all").sort((a, b) => Math.abs(Number(b[value])) - Math.abs(Number(a[value]))).slice(0, Math.max(3, Math.floor((height - 24) / 17)));
    const left = Math.min(GAP_LEFT, width / 3);
    const letters = Math.floor(left / 6.8);
    const name = (row: Row) => sectorName(String(row["sector"]));
    return {
      ...common, marginLeft: left, marginTop: 2, marginBottom: 22, marginRight: 8,
      x: { label: null, grid: true, ticks: Math.floor((width - left) / 64), tickFormat: money, ...(rows.every((row) => Number(row[value]) === 0) ? { domain: [-1, 1] } : {}) }, y: { label: null, domain: rows.map(name), tickSize: 0, tickFormat: (text: string) => text.length > letters ? `${text.slice(0, letters - 1)}…` : text },
      marks: [
        Plot.barX(rows, { x: value, y: name, fill: colour }),
        Plot.ruleX([0], { stroke: "var(--soft)" }),
        ...(gross ? [Plot.dot(rows, { x: "balance", y: name, fill: "var(--ink)", r: 2.5 })] : []),
      ],
    };
  };
}

function Gap({ answer }: { answer: Answer<Table> }) {
  const table = answer.value;
  const title = `${measure.value === "value-added" ? "Value-added balance" : "Balance"} of ${nameOf(of.value)} with ${nameOf(to.value)}`;
  return (
    <section class="card gap">
      <div class="row between">
        <Caption title={title} detail={`${byYear() ? unit() : `${unitAndYear()}; the largest by size`}${measure.value === "value-added" ? "; dots: gross" : ""}`} />
        {world.value!.years.length > 1 && (
          <Segments label="Balance by" hidden value={byYear() ? "year" : "sector"} choose={(by) => { gap.value = by; }}
            choices={[{ value: "year", label: "By year" }, { value: "sector", label: "By sector" }]} />
        )}
      </div>
      <ErrorLine message={answer.error} />
      {table && <Chart label={`${title}, ${unitAndYear()}`} picture="balance" options={gapOptions(table)} />}
    </section>
  );
}

export function Ties() {
  const pairs = useAnswer(askPairs);
  const hidden = useAnswer(askHidden);
  const tie = useAnswer(askTie);
  const balance = useAnswer(askGap);
  const colours = useComputed(() => colouring(pairs.value.value, hidden.value.value));
  const drawn = useComputed(() => flows(pairs.value.value));
  const label = `${mapTitle()}, ${year.value}`;
  return (
    <div class="panel ties">
      <Controls />
      <section class="card where">
        <p class="headline" role="status">{headline(pairs.value.value, hidden.value.value)}</p>
        <div class="row between">
          <Caption title={label} />
          {isActive.value && (
            <Segments label="World" hidden value={isAfter.value ? "after" : "base"} choose={(v) => { after.value = v === "after"; }}
              choices={[{ value: "base", label: "As it is" }, { value: "after", label: "After the levers" }]} />
          )}
        </div>
        <ErrorLine message={pairs.value.error || hidden.value.error} />
        <WorldMap label={label} picture="map" colouring={colours.value} chosen={to.value} choose={(code) => { if (!overlap(code, of.value)) to.value = code; }} />
      </section>
      <section class="card streams">
        <Caption title={`Who sells to whom${sectors.value === "all" ? "" : `: ${sectorName(sectors.value)}`}`}
          detail={`exporters left, importers right; ${isGross.value || isLookThrough.value ? "" : "value added, "}${unitAndYear()}${isAfter.value ? ", after the levers" : ""}`} />
        <Flows label={`Flows between the chosen economies, ${isGross.value || isLookThrough.value ? "gross" : "value added"}, ${unitAndYear()}`} picture="flows" flows={drawn.value} order={chosen.value} text={flowText}
          choose={({ exporter, importer }) => { if (exporter === of.value) to.value = importer; else if (importer === of.value) to.value = exporter; else { of.value = importer; to.value = exporter; } }} />
      </section>
      <Tie answer={tie.value} />
      <Gap answer={balance.value} />
    </div>
  );
}

export const tiesDownloads = (): Download[] => [
  ...(shown.value.tie ? [rowsDownload("The tie by sector", "tie.csv", shown.value.tie.rows)] : []),
  ...(shown.value.gap ? [rowsDownload("The balance", "balance.csv", shown.value.gap.rows)] : []),
];
