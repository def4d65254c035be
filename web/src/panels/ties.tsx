/* Ties: bilateral dependence. A map of the suppliers or customers of an economy, the flows between several economies,
   the trade with one partner by sector, and the balance (balance.tsx). What is asked is in tied.ts. */
import { signal, useComputed, useSignalEffect, type ReadonlySignal } from "@preact/signals";
import { questionOf, type About } from "../about";
import { useAnswer, type Answer } from "../answers";
import { isSum, singles, type Row, type Table } from "../api";
import { money, percent, share } from "../format";
import { between, overlap, pairsOf } from "../pairs";
import { Card, classOf, State, type Standing } from "../parts/card";
import { Combo, Economy } from "../parts/combo";
import { SectorSelect, Segments } from "../parts/controls";
import { Flows, type Flow } from "../parts/flows";
import { rowsDownload, type Download } from "../parts/menu";
import { Caption } from "../parts/status";
import { Results } from "../parts/table";
import { WorldMap } from "../parts/worldmap";
import { YearPlay } from "../parts/yearplay";
import { scenario } from "../scenario";
import { other } from "../shelf";
import { certificate, membersOf, nameOf, of, others, sector, sectorName, to, unitAndYear, world, year } from "../state";
import {
  after,
  askAfter,
  askGap,
  askHidden,
  askPairs,
  askTie,
  chosen,
  colouring,
  isAfter,
  isDifference,
  isGross,
  isLookThrough,
  measure,
  nowColumn,
  partners,
  sectors,
  setView,
  view,
  views,
  wasColumn,
  way,
  type Gaps,
  type Shown,
  shownOf,
} from "../tied";
import { inWords } from "../trouble";
import { words } from "../words";
import { Gap, gapsAfter } from "./balance";

/* The last answers, for the downloads. */
const shown = signal<{ tie: Table | null; gap: Table | null }>({ tie: null, gap: null });

/* "million US dollars", where a sentence has no room for how they are priced */
const currency = (): string => world.value!.unit.split(",")[0]!;

function flows(table: Table | null): Flow[] {
  if (!table) return [];
  const now = pairsOf(table.rows, nowColumn());
  const was = pairsOf(table.rows, wasColumn());
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
  words.ties.flow(nameOf(exporter), nameOf(importer), `${money(value)} ${unitAndYear()}`) +
  (was ? ` (${percent(100 * (value / was - 1))})` : "");

/* ---- Controls ---- */

const Who = () => (
  <>
    <Economy
      label={words.ties.economy}
      value={of.value}
      choose={(code) => {
        of.value = code;
      }}
    />
    <Economy
      label={words.ties.partner}
      value={to.value}
      choose={(code) => {
        to.value = code;
      }}
    />
    <div class="wide">
      <Combo
        label={words.ties.also}
        multiple
        chosen={others.value}
        choose={(codes) => {
          others.value = codes;
        }}
      />
    </div>
  </>
);

const Measure = () => (
  <Segments
    label={words.ties.measure}
    value={isAfter.value ? "gross" : measure.value}
    choose={(m) => {
      measure.value = m;
      after.value = false;
    }}
    choices={[
      { value: "gross", label: words.ties.gross, title: words.ties.grossTitle },
      { value: "value-added", label: words.ties.added, title: words.ties.addedTitle },
      { value: "look-through", label: words.ties.through, title: words.ties.throughTitle },
    ]}
  />
);

function Controls() {
  return (
    <div class="card controls">
      <div class="row">
        <Who />
        <SectorSelect
          value={sectors.value}
          choose={(s) => {
            sector.value = s;
          }}
          disabled={isAfter.value || isLookThrough.value}
        />
        <Measure />
        <Segments
          label={words.ties.map}
          value={isLookThrough.value ? "imports" : way.value}
          choose={(w) => {
            way.value = w;
          }}
          choices={[
            { value: "imports", label: words.ties.importsFrom },
            ...(isLookThrough.value ? [] : [{ value: "exports", label: words.ties.exportsTo }]),
          ]}
        />
      </div>
    </div>
  );
}

/* ---- Headline and titles ---- */

function hiddenHeadline(hidden: Table | null): string {
  if (!hidden) return "";
  const rows = singles(hidden).filter((row) => membersOf(to.value).includes(String(row["supplier"])));
  const [total, direct, indirect] = ["total", "direct", "indirect"].map((part) =>
    share(rows.reduce((all, row) => all + Number(row[`${part}_share_of_upstream_output`]), 0)),
  );
  return words.ties.behind(nameOf(of.value), nameOf(to.value), total!, direct!, indirect!);
}

/* What the economy buys from its partner, or sells to it, by a column. */
function traded(rows: Row[], column: string): number {
  const found = pairsOf(rows, column);
  return way.value === "imports" ? between(found, to.value, of.value) : between(found, of.value, to.value);
}

function changedHeadline(rows: Row[]): string {
  const [a, b] = [nameOf(of.value), nameOf(to.value)];
  const [was, now] = [traded(rows, wasColumn()), traded(rows, nowColumn())];
  const say = isDifference.value ? words.ties.levelsApart : words.ties.levels;
  const levels = say(money(was), money(now), currency(), year.value);
  return words.ties.changes(a, b, way.value === "imports", was > 0 ? percent(100 * (now / was - 1)) : "", levels);
}

function headline(pairs: Table | null, hidden: Table | null): string {
  const [a, b] = [nameOf(of.value), nameOf(to.value)];
  if (overlap(of.value, to.value)) return words.ties.part(a, b);
  if (isLookThrough.value) return hiddenHeadline(hidden);
  if (!pairs) return "";
  if (isAfter.value) return changedHeadline(pairs.rows);
  const what = sectors.value === "all" ? "" : words.ties.goods(sectorName(sectors.value));
  const value = traded(pairs.rows, "value");
  const all = [...partners(pairs.rows, "value").values()].reduce((sum, p) => sum + p.value, 0);
  const amount = `${money(value)} ${currency()}${what}`;
  const part = share(all > 0 ? value / all : 0);
  const said = words.ties.trades(a, b, way.value === "imports", amount, !isGross.value, part, what !== "");
  return words.ties.inYear(said, year.value);
}

/* ": Machinery" where a sector is chosen. */
const ofSector = (): string => (sectors.value === "all" ? "" : words.ties.ofSector(sectorName(sectors.value)));

function mapTitle(): string {
  const name = nameOf(of.value);
  const said = words.ties.ways[way.value]!;
  if (isDifference.value) return words.ties.mapApart(said, name);
  if (isAfter.value) return words.ties.mapAfter(said, name);
  if (isLookThrough.value) return words.ties.mapBehind(name);
  return words.ties.mapShare(said, name, ofSector(), !isGross.value);
}

/* ---- Cards ---- */

const standingOf = ({ value, waiting, error, old }: Answer<unknown>): Standing => ({
  has: value !== null,
  waiting,
  error,
  old: old ? words.page.earlier : undefined,
});

function Views() {
  const all = views();
  return (
    <Segments
      label={words.ties.world}
      hidden
      value={view.value}
      choose={setView}
      choices={all.map((one) => ({
        value: one,
        label: all.length > 2 ? words.ties.worlds[one] : one === "base" ? words.ties.base : words.ties.after,
      }))}
    />
  );
}

function Where({ mapped, pairs, hidden }: { mapped: Answer<unknown>; pairs: Table | null; hidden: Table | null }) {
  const label = `${mapTitle()}, ${year.value}`;
  const standing = standingOf(mapped);
  return (
    <section class={classOf("where", standing)} aria-busy={mapped.waiting}>
      <State {...standing} />
      <p class="headline" role="status">
        {headline(pairs, hidden)}
      </p>
      <div class="row between">
        <Caption title={label} />
        <div class="row">
          <YearPlay />
          {scenario.value!.changes.length > 0 && <Views />}
        </div>
      </div>
      <WorldMap
        label={label}
        picture="map"
        colouring={colouring(pairs, hidden)}
        chosen={to.value}
        choose={(code) => {
          if (!overlap(code, of.value)) to.value = code;
        }}
      />
    </section>
  );
}

function chooseFlow({ exporter, importer }: Flow): void {
  if (exporter === of.value) to.value = importer;
  else if (importer === of.value) to.value = exporter;
  else {
    of.value = importer;
    to.value = exporter;
  }
}

const standsFor = (): string => {
  const { after: later, through, difference, b } = words.ties.stands;
  return { base: isLookThrough.value ? through : "", a: later, b, difference }[view.value];
};

function Streams({ answer }: { answer: Answer<Table> }) {
  const isAdded = !isGross.value && !isLookThrough.value;
  return (
    <Card
      box="streams"
      title={words.ties.flows + ofSector()}
      detail={words.ties.flowsDetail(isAdded, unitAndYear()) + standsFor()}
      standing={standingOf(answer)}
    >
      <Flows
        label={words.ties.flowsLabel(isAdded, unitAndYear())}
        picture="flows"
        flows={flows(answer.value)}
        order={chosen.value}
        text={flowText}
        choose={chooseFlow}
      />
    </Card>
  );
}

function Tie({ answer }: { answer: Answer<Shown> }) {
  const found = answer.value;
  const source = found?.table.source;
  return (
    <Card
      box="tie"
      title={words.ties.tie(nameOf(of.value), nameOf(to.value), words.ties.tieOf[view.value])}
      detail={source ? words.ties.sourceOf(unitAndYear(), source) : unitAndYear()}
      standing={standingOf(answer)}
    >
      {found && (
        <Results
          caption={`${inWords(found.table.title)}, ${world.value!.unit}`}
          rows={found.table.rows}
          isTotal={(row) => isSum(found.table, row)}
          columns={found.columns}
          names={(column, text) => (column === "sector" ? sectorName(text) : text)}
          chosen={sectors.value}
          choose={(s) => {
            if (!isLookThrough.value && !isAfter.value) sector.value = s;
          }}
        />
      )}
    </Card>
  );
}

/* An answer made of another. */
const made = <A, B>(answer: Answer<A>, of_: (value: A) => B | null): Answer<B> => ({
  ...answer,
  value: answer.value === null ? null : of_(answer.value),
});

interface Answers {
  pairs: ReadonlySignal<Answer<Table>>;
  hidden: ReadonlySignal<Answer<Table>>;
  tie: ReadonlySignal<Answer<Shown>>;
  balance: ReadonlySignal<Answer<Gaps>>;
}

/* Of the base each card has a question of its own, after the levers all have the same. */
function useAnswers(): Answers {
  const base = useAnswer(askPairs);
  const changed = useAnswer(askAfter);
  const hidden = useAnswer(askHidden);
  const tieOf = useAnswer(askTie);
  const balanceOf = useAnswer(askGap);
  const pairs = useComputed(() => (isAfter.value ? made(changed.value, ({ ties }) => ties) : base.value));
  const tie = useComputed<Answer<Shown>>(() =>
    isAfter.value
      ? made(changed.value, ({ tie: table }) => (table ? shownOf(table, isDifference.value ? "apart" : "after") : null))
      : tieOf.value,
  );
  const balance = useComputed<Answer<Gaps>>(() =>
    isAfter.value ? made(changed.value, ({ tie: table }) => (table ? gapsAfter(table) : null)) : balanceOf.value,
  );
  return { pairs, hidden, tie, balance };
}

export function Ties() {
  const { pairs, hidden, tie, balance } = useAnswers();
  useSignalEffect(() => {
    shown.value = { tie: tie.value.value?.table ?? null, gap: balance.value.value?.table ?? null };
    const found = tie.value.value?.table.certificate ?? pairs.value.value?.certificate;
    if (found) certificate.value = found;
  });
  return (
    <div class="panel ties">
      <Controls />
      <Where
        mapped={isLookThrough.value ? hidden.value : pairs.value}
        pairs={pairs.value.value}
        hidden={hidden.value.value}
      />
      <Streams answer={pairs.value} />
      <Tie answer={tie.value} />
      <Gap answer={balance.value} standing={standingOf(balance.value)} />
    </div>
  );
}

export const tiesDownloads = (): Download[] => [
  ...(shown.value.tie ? [rowsDownload(words.ties.tieFile, "tie.csv", shown.value.tie.rows)] : []),
  ...(shown.value.gap ? [rowsDownload(words.ties.gapFile, "balance.csv", shown.value.gap.rows)] : []),
];

export function tiesAbout(): About {
  const names = [nameOf(of.value), nameOf(to.value)] as const;
  const question = words.about.ties(isAfter.value ? words.ties.afterLevers : measure.value, ...names);
  const answer = [...(shown.value.tie?.answer ?? []), ...(shown.value.gap?.answer ?? [])].map(inWords);
  const asked = [
    ...(isAfter.value && view.value !== "b" ? questionOf(scenario.value!) : []),
    ...(view.value === "b" || isDifference.value ? questionOf(other.value!) : []),
  ];
  return { question: [question, ...asked], answer, command: "" };
}
