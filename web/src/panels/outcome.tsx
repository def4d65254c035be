/* The outcome of a game: who gains, the rates, and a picture; beside an outcome that was kept. */
import * as Plot from "@observablehq/plot";
import type { Row, Table } from "../api";
import { columnsOf } from "../columns";
import { atMost, clipped, decimals, money, percent, percentLike, rate, share } from "../format";
import {
  changesOfGame,
  isOfPlayers,
  kept,
  play,
  playOf,
  players,
  question,
  type Document,
  type Outcome as Found,
} from "../game";
import { Bars } from "../parts/bars";
import { Card, type Standing } from "../parts/card";
import { Chart } from "../parts/chart";
import { Compared, Keep, KeptStatus, type Pair } from "../parts/compare";
import { Notes } from "../parts/notes";
import { Results } from "../parts/table";
import { settingsNow } from "../parts/horizon";
import { takeUp } from "../shelf";
import { nameOf, panel, sectorName, unitAndYear, world, year } from "../state";
import { inWords } from "../trouble";
import { words } from "../words";

/* ---- Names ---- */

const READERS: Record<string, (text: string) => string> = {
  player: nameOf,
  partner: nameOf,
  with: nameOf,
  sector: (text) => (text === "all" ? words.playing.oneRow : sectorName(text)),
  withheld: (text) =>
    text
      .split("+")
      .map((sector) => sectorName(sector.trim()))
      .join(" + "),
  aim: inWords,
};

export const nameIn = (column: string, text: string): string => READERS[column]?.(text) ?? text;

/* "tariff on China" */
export const instrumentOf = (row: Row): string =>
  words.playing.instrument(String(row["instrument"]), row["with"] === "all" ? "" : nameOf(String(row["with"])));

/* The kinds of outcome: that of games of players, and one of each other play. */
const kindOf = (document: Document): string => (isOfPlayers(document) ? "players" : playOf(document));

const COLUMNS: Record<string, string[]> = {
  players: ["player", "aim", "welfare", "welfare_value", "regret", "at_bounds", "settings"],
  coercion: ["withheld", "imports", "loss", "loss_value", "own_loss", "own_loss_value", "leverage"],
  coalition: ["partner", "first", "first_against", "shapley", "shapley_against"],
  delay: ["year", "cap", "share_without", "share", "price_cut", "subsidies", "cost", "cost_value", "gain_of"],
};

interface Who {
  of: string;
  other: string;
}

/* The two sides: the economy that depends on the other or seeks partners, and the other side. */
const whoOf = (document: Document): Who => ({
  of: nameOf(String(document["of"])),
  other: nameOf(String(document["by"] ?? document["against"])),
});

/* ---- Beside ---- */

/* Of each kind, the rows that are compared by a column of the outcome. */
const MEASURES: Record<string, { column: string; name: (row: Row) => string; text: (value: number) => string }> = {
  players: { column: "welfare", name: (row) => nameOf(String(row["player"])), text: percent },
  coercion: {
    column: "leverage",
    name: (row) => nameIn("withheld", String(row["withheld"])),
    text: (value) => decimals(value, 2),
  },
  coalition: { column: "shapley", name: (row) => nameOf(String(row["partner"])), text: percent },
  delay: {
    column: "cost",
    name: (row) => words.playing.delayRow(String(row["year"]), share(Number(row["cap"]))),
    text: rate,
  },
};

const numberIn = (row: Row | undefined, column: string): number | null => {
  const value = row?.[column];
  return typeof value === "number" ? value : null;
};

/* Real incomes of all economies where both outcomes have them, else the rows of the outcome. */
function pairsOf(document: Document, mine: Found, other: Found): Pair[] {
  if (mine.regions && other.regions) {
    const there = new Map(other.regions.rows.map((row) => [row["region"], row]));
    const welfare = percentLike(mine.regions.rows.map((row) => Number(row["welfare"])));
    return mine.regions.rows.map((row) => ({
      name: nameOf(String(row["region"])),
      a: Number(row["welfare"]),
      b: numberIn(there.get(row["region"]!), "welfare"),
      text: welfare,
    }));
  }
  const { column, name, text } = MEASURES[kindOf(document)]!;
  const there = new Map(other.outcome.rows.map((row) => [name(row), row]));
  return mine.outcome.rows.flatMap((row) => {
    const a = numberIn(row, column);
    return a === null ? [] : [{ name: name(row), a, b: numberIn(there.get(name(row)), column), text }];
  });
}

function Beside({ document, found }: { document: Document; found: Found }) {
  const asked = kept.question.value;
  const other = kept.answer.value;
  if (!asked) return null;
  const { column } = MEASURES[kindOf(document)]!;
  return (
    <>
      <KeptStatus of={kept} />
      {other && (
        <Compared
          title={words.playing.compared(column)}
          other={inWords(other.outcome.title)}
          pairs={pairsOf(document, found, other)}
        />
      )}
    </>
  );
}

/* ---- The outcome ---- */

/* For each player a line that says it. */
const verdict = (row: Row): string => {
  const [change, value] = [Number(row["welfare"]), Number(row["welfare_value"])];
  const player = nameOf(String(row["player"]));
  return words.playing.verdict(player, change >= 0, rate(Math.abs(change)), money(Math.abs(value)));
};

const standing = (): Standing => ({
  has: play.answer.value !== null,
  waiting: play.busy.value,
  old: play.answer.value && !play.answers(question.value) ? words.playing.earlier : undefined,
  empty: words.playing.intro,
});

/* The policies of the outcome become a new scenario, and the one that is there is kept. */
function TakeToLevers({ document, found }: { document: Document; found: Found }) {
  const changes = changesOfGame(document, found.settings?.rows ?? []);
  const take = () => {
    const { year: _, groups: __, ...settings } = settingsNow();
    takeUp({ title: inWords(found.outcome.title), ...settings, changes });
    panel.value = "levers";
  };
  if (changes.length === 0) return null;
  return (
    <button type="button" class="plain" title={words.playing.takeTitle} onClick={take}>
      {words.planning.take}
    </button>
  );
}

export function Outcome() {
  const answer = play.answer.value;
  const state = standing();
  if (!answer) return <Card box="outcome" title={words.playing.outcome} standing={state} />;
  const { outcome: table } = answer.value;
  const document = answer.question.game;
  const tools = (
    <div class="row">
      <Keep of={kept} shown={state.old === undefined ? answer : null} />
      <TakeToLevers document={document} found={answer.value} />
    </div>
  );
  return (
    <Card box="outcome" title={inWords(table.title)} detail={unitAndYear()} beside={tools} standing={state}>
      {isOfPlayers(document) && (
        <ul class="verdict">
          {table.rows.map((row) => (
            <li key={String(row["player"])}>{verdict(row)}</li>
          ))}
        </ul>
      )}
      <Results
        caption={inWords(table.title)}
        rows={table.rows}
        columns={columnsOf(table, ...COLUMNS[kindOf(document)]!)}
        names={nameIn}
      />
      <Beside document={document} found={answer.value} />
      <Notes table={table} command={`derisk play ${world.value!.title} game.yaml`} />
    </Card>
  );
}

/* ---- Rates ---- */

export const FEW = 6; /* rates that need no picture */

/* A dot for each rate: sectors down, players in colours. */
const series = (row: Row): string => words.playing.series(nameOf(String(row["player"])), instrumentOf(row));
const colourOf = (i: number): string => `var(--economy-${(i + 1) % 8})`;

const Legend = ({ names }: { names: string[] }) => (
  <p class="legend" aria-hidden="true">
    {names.map((name, i) => (
      <span key={name}>
        <svg width="10" height="10">
          <circle cx="5" cy="5" r="5" fill={colourOf(i)} />
        </svg>
        {name}
      </span>
    ))}
  </p>
);

function ratesOptions(rows: Row[]): (width: number, height: number) => Plot.PlotOptions {
  const name = (row: Row): string => nameIn("sector", String(row["sector"]));
  const names = [...new Set(rows.map(series))];
  return (width) => ({
    style: { background: "none", color: "var(--ink)", fontSize: "11px" },
    marginLeft: Math.min(190, width / 3),
    marginTop: 4,
    marginBottom: 24,
    x: { label: null, grid: true, zero: true, tickFormat: (x: number) => `${atMost(x, 6)}%` },
    y: {
      label: null,
      tickSize: 0,
      domain: [...new Set(rows.map(name))],
      tickFormat: (text: string) => clipped(text, 28),
    },
    color: { domain: names, range: names.map((_, i) => colourOf(i)) },
    marks: [Plot.dot(rows, { x: "rate", y: name, fill: series, r: 4.5, stroke: "var(--surface)" })],
  });
}

export function Rates() {
  const answer = play.answer.value;
  const table = answer?.value.settings;
  if (!table?.rows.some((row) => "rate" in row)) return null;
  const held = table.rows.some((row) => row["bound"]) ? ["bound"] : [];
  const rows = table.rows.map((row, i) => ({ ...row, key: i, instrument: instrumentOf(row) }));
  return (
    <Card
      box="rates"
      title={words.playing.rates}
      detail={words.playing.ratesDetail(unitAndYear())}
      standing={standing()}
    >
      <Results
        caption={words.playing.rates}
        rows={rows}
        key_="key"
        columns={columnsOf(table, "player", "instrument", "sector", "rate", ...held, "trade")}
        names={nameIn}
      />
      {rows.length > FEW && (
        <>
          <Legend names={[...new Set(table.rows.map(series))]} />
          <Chart label={words.playing.ratesLabel} picture="rates" options={ratesOptions(table.rows)} />
        </>
      )}
    </Card>
  );
}

/* ---- Pictures ---- */

const TITLES: Record<string, (who: Who) => string> = {
  coercion: ({ of: a, other }) => words.playing.leverage(a, other),
  coalition: ({ of: a }) => words.playing.shapley(a),
  delay: ({ other }) => words.playing.delay(other),
};

function GainsOf({ table }: { table: Table }) {
  return (
    <Card box="gains" title={words.playing.gains} detail={words.playing.gainsDetail(year.value)} standing={standing()}>
      <Bars
        label={words.playing.gainsLabel}
        picture="game"
        rows={table.rows}
        column="welfare"
        always={players.value.map(({ player }) => player)}
      />
    </Card>
  );
}

export function Picture() {
  const answer = play.answer.value;
  if (!answer) return null;
  const what = kindOf(answer.question.game);
  if (what === "players") return answer.value.regions ? <GainsOf table={answer.value.regions} /> : null;
  const { column, name, text } = MEASURES[what]!;
  const title = TITLES[what]!(whoOf(answer.question.game));
  return (
    <Card box="gains" title={title} detail={String(year.value)} standing={standing()}>
      <Bars
        label={title}
        picture="game"
        rows={answer.value.outcome.rows.filter((row) => numberIn(row, column) !== null)}
        column={column}
        name={name}
        cost={what === "delay"}
        inOrder={what === "delay"}
        {...(what === "coercion" ? { text } : {})}
      />
    </Card>
  );
}
