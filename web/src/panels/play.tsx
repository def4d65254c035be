/* Play: trade-policy games. Players with their instruments and aims, the outcome, rates, regret and best responses. */
import * as Plot from "@observablehq/plot";
import { useEffect } from "preact/hooks";
import { noLines, type About } from "../about";
import type { Row, Table } from "../api";
import { clipped, columnsOf, money, rate, share, type TableName, type Who } from "../format";
import {
  chosen,
  game,
  hasPlayers,
  kind,
  newcomer,
  partners,
  play,
  players,
  question,
  responses,
  setPlayer,
  setPlayers,
  trial,
  yamlOfGame,
  type Aim,
  type Instrument,
  type Kind,
  type Player,
  type Tool,
} from "../game";
import { Bars } from "../parts/bars";
import { Chart } from "../parts/chart";
import { Combo, Economy } from "../parts/combo";
import { Select } from "../parts/controls";
import { Horizon } from "../parts/horizon";
import { JobStatus } from "../parts/job";
import { rowsDownload, textDownload, type Download } from "../parts/menu";
import { Notes } from "../parts/notes";
import { SectorsCombo } from "../parts/sectors";
import { Caption } from "../parts/status";
import { Results } from "../parts/table";
import { certificate, isSmall, nameOf, of, sectorName, to, world, year } from "../state";
import { inWords } from "../trouble";

const KINDS: [Kind, string, string][] = [
  ["nash", "Nash equilibrium", "Policies from which no player gains by deviating, given the policies of the others."],
  ["best-response", "Best response", "The best response of one player to the given policies of the others."],
  [
    "stackelberg",
    "Leader and follower",
    "Stackelberg: the leader moves first and anticipates the best response of the follower.",
  ],
  [
    "coercion",
    "Export coercion",
    "The loss of each side if the partner withholds its exports of one good or of several.",
  ],
  ["coalition", "Coalition", "The contribution of each partner to a tariff that several economies levy together."],
  [
    "delay",
    "Delay",
    "Obstruction: the cost to the partner of keeping its share by export subsidies as the cap tightens each year.",
  ],
];

async function run(): Promise<void> {
  await play.start(question.value);
  const answer = play.answer.value?.value;
  if (answer?.outcome.certificate) certificate.value = answer.outcome.certificate;
}

const unitAndYear = () => `${world.value!.unit}, ${year.value}`;

/* ---- Choices ---- */

const inPercent = (text: string | undefined): string => text?.replace("%", "") ?? "";

/* A rate in percent, kept as the document has it; empty: as the command line has it. */
function Percent({
  label,
  value,
  none,
  set,
}: {
  label: string;
  value: string | undefined;
  none: string;
  set: (value: string | undefined) => void;
}) {
  return (
    <label class="field percent">
      <span class="label">{label}</span>
      <input
        type="number"
        step="any"
        value={inPercent(value)}
        placeholder={none}
        onChange={(event) => set(event.currentTarget.value === "" ? undefined : `${event.currentTarget.value}%`)}
      />
    </label>
  );
}

/* Without what is not given: the document says only what differs from the default. */
const without = <T extends object>(thing: T): T =>
  Object.fromEntries(Object.entries(thing).filter(([, value]) => value !== undefined)) as T;

const TOOLS: Record<Tool, { label: string; whom: "on" | "to"; of: string; least: string; most: string }> = {
  tariff: { label: "Tariff", whom: "on", of: "on imports from", least: "0", most: "200" },
  "export-tax": { label: "Export tax", whom: "to", of: "on what goes to", least: "0", most: "100" },
};

function InstrumentFields({ tool, player, at }: { tool: Tool; player: Player; at: number }) {
  const { label, whom, of: preposition, least, most } = TOOLS[tool];
  const now = player[tool];
  const put = (more: Instrument | undefined) => setPlayer(at, without({ ...player, [tool]: more && without(more) }));
  const first = players.value.find((other) => other !== player)?.player ?? to.value;
  return (
    <div class="instrument">
      <label class="check">
        <input
          type="checkbox"
          checked={now !== undefined}
          onChange={() => put(now ? undefined : { [whom]: first, uniform: true })}
        />{" "}
        {label}
      </label>
      {now && (
        <>
          <Economy label={preposition} value={now[whom] ?? ""} choose={(code) => put({ ...now, [whom]: code })} />
          <label class="check">
            <input
              type="checkbox"
              checked={now.uniform ?? false}
              onChange={() => put({ ...now, uniform: now.uniform ? undefined : true } as Instrument)}
            />{" "}
            one rate for all sectors
          </label>
          <details class="more">
            <summary>Sectors and bounds</summary>
            <SectorsCombo
              chosen={now.sectors ?? []}
              choose={(codes) =>
                put({ ...now, sectors: codes.length === 0 || codes[0] === "goods" ? undefined : codes } as Instrument)
              }
            />
            <div class="row">
              <Percent
                label="Lower bound, %"
                value={now.least}
                none={least}
                set={(value) => put({ ...now, least: value } as Instrument)}
              />
              <Percent
                label="Upper bound, %"
                value={now.most}
                none={most}
                set={(value) => put({ ...now, most: value } as Instrument)}
              />
              <Percent
                label="Starting value, %"
                value={now.at}
                none="0"
                set={(value) => put({ ...now, at: value } as Instrument)}
              />
            </div>
          </details>
        </>
      )}
    </div>
  );
}

const aimKind = (aim: Aim | undefined): string =>
  !aim || aim === "welfare" ? "welfare" : "less" in aim ? "less" : "hinder";

function AimFields({ player, at }: { player: Player; at: number }) {
  const { aim } = player;
  const rival = players.value.find((other) => other !== player)?.player ?? to.value;
  const put = (more: Aim | undefined) => setPlayer(at, without({ ...player, aim: more } as Player));
  const choose = (value: string) =>
    put(
      value === "welfare"
        ? undefined
        : value === "less"
          ? { less: rival, weight: 0.5 }
          : { hinder: rival, "at-least": "20%" },
    );
  return (
    <div class="row">
      <Select label="Aim" value={aimKind(aim)} choose={choose}>
        <option value="welfare">most real income of its own</option>
        <option value="less">its own, less a part of a rival's</option>
        <option value="hinder">to keep its share in a market</option>
      </Select>
      {typeof aim === "object" && "less" in aim && (
        <>
          <Select label="Rival" value={aim.less} choose={(less) => put({ ...aim, less })}>
            {players.value
              .filter((other) => other !== player)
              .map((other) => (
                <option key={other.player} value={other.player}>
                  {nameOf(other.player)}
                </option>
              ))}
          </Select>
          <label class="field percent">
            <span class="label">Weight</span>
            <input
              type="number"
              min="0.1"
              step="0.1"
              value={aim.weight}
              onChange={(event) => {
                if (event.currentTarget.valueAsNumber > 0) put({ ...aim, weight: event.currentTarget.valueAsNumber });
              }}
            />
          </label>
        </>
      )}
      {typeof aim === "object" && "hinder" in aim && (
        <>
          <Economy label="In the imports of" value={aim.hinder} choose={(hinder) => put({ ...aim, hinder })} />
          <Percent
            label="Lower bound, %"
            value={aim["at-least"]}
            none="20"
            set={(least) => put({ ...aim, "at-least": least ?? "20%" })}
          />
        </>
      )}
    </div>
  );
}

function PlayerCard({ player, at }: { player: Player; at: number }) {
  const remove = () => setPlayers(players.value.filter((_, i) => i !== at));
  return (
    <li class="player" aria-label={`Player ${at + 1}`}>
      <div class="row between">
        <Economy
          label={`Player ${at + 1}`}
          value={player.player}
          choose={(code) => setPlayer(at, { ...player, player: code })}
        />
        {players.value.length > 2 && (
          <button type="button" class="plain" aria-label={`Remove player ${at + 1}`} onClick={remove}>
            ×
          </button>
        )}
      </div>
      <InstrumentFields tool="tariff" player={player} at={at} />
      <InstrumentFields tool="export-tax" player={player} at={at} />
      <AimFields player={player} at={at} />
    </li>
  );
}

function Players() {
  const who = kind.value === "stackelberg" ? "Leader" : kind.value === "best-response" ? "Responding player" : "";
  return (
    <>
      {who && (
        <Select
          label={who}
          value={String(Math.min(chosen.value, players.value.length - 1))}
          choose={(at) => {
            chosen.value = Number(at);
          }}
        >
          {players.value.map(({ player }, i) => (
            <option key={player} value={i}>
              {nameOf(player)}
            </option>
          ))}
        </Select>
      )}
      <ol>
        {players.value.map((player, i) => (
          <PlayerCard key={i} player={player} at={i} />
        ))}
      </ol>
      {kind.value !== "stackelberg" && (
        <button type="button" class="plain" onClick={() => setPlayers([...players.value, newcomer()])}>
          Add a player
        </button>
      )}
    </>
  );
}

function Sides() {
  const put = (more: Partial<typeof trial.value>) => {
    trial.value = { ...trial.value, ...more };
  };
  const second =
    { coercion: "Economy that withholds", coalition: "Target of the tariff", delay: "Economy that obstructs" }[
      kind.value as string
    ] ?? "";
  return (
    <>
      <Economy
        label={kind.value === "coalition" ? "Economy that seeks partners" : "Economy that depends on it"}
        value={of.value}
        choose={(code) => {
          of.value = code;
        }}
      />
      <Economy
        label={second}
        value={to.value}
        choose={(code) => {
          to.value = code;
        }}
      />
      <SectorsCombo
        chosen={trial.value.sectors}
        choose={(sectors) => put({ sectors: sectors[0] === "goods" ? [] : sectors })}
      />
      {kind.value === "coalition" && (
        <>
          <Combo label="Partners" multiple chosen={partners.value} choose={(codes) => put({ partners: codes })} />
          <Percent
            label="Tariff, %"
            value={trial.value.tariff}
            none="25"
            set={(value) => put({ tariff: value ?? "25%" })}
          />
        </>
      )}
      {kind.value === "delay" && (
        <>
          <label class="field">
            <span class="label">Cap of each year</span>
            <input
              type="text"
              value={trial.value.caps}
              onChange={(event) => put({ caps: event.currentTarget.value })}
            />
          </label>
          <Percent
            label="Share to keep, %"
            value={trial.value["at-least"]}
            none="18"
            set={(value) => put({ "at-least": value ?? "18%" })}
          />
        </>
      )}
    </>
  );
}

function Game() {
  return (
    <section class="card game" aria-label="The game">
      <div class="row">
        <Select
          label="Kind of play"
          value={kind.value}
          choose={(value) => {
            kind.value = value as Kind;
          }}
        >
          {KINDS.map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        <Horizon />
      </div>
      <p class="soft">{KINDS.find(([value]) => value === kind.value)?.[2]}</p>
      {hasPlayers(kind.value) ? <Players /> : <Sides />}
      <button
        type="button"
        class={play.answers(question.value) ? "go done" : "go"}
        disabled={play.busy.value}
        onClick={run}
      >
        Play
      </button>
      <JobStatus job={play} />
    </section>
  );
}

/* ---- The outcome ---- */

const nameIn = (column: string, text: string): string =>
  column === "player" || column === "partner" || column === "with"
    ? nameOf(text)
    : column === "sector"
      ? text === "all"
        ? "one rate for all"
        : sectorName(text)
      : column === "withheld"
        ? text
            .split("+")
            .map((sector) => sectorName(sector.trim()))
            .join(" + ")
        : column === "aim"
          ? inWords(text)
          : text;

const playOf = (document: Record<string, unknown>): Kind => document["play"] as Kind;
const kindOf = (document: Record<string, unknown>): TableName =>
  hasPlayers(playOf(document)) ? "players" : (playOf(document) as TableName);

/* The two sides: the economy that depends on the other or seeks partners, and the other side. */
const whoOf = (document: Record<string, unknown>): Who => ({
  of: nameOf(String(document["of"])),
  other: nameOf(String(document["by"] ?? document["against"])),
});

/* For each player a line that says it. */
const verdict = (row: Row): string => {
  const [change, value] = [Number(row["welfare"]), Number(row["welfare_value"])];
  const [by, amount] = [rate(Math.abs(change)), money(Math.abs(value))];
  const player = nameOf(String(row["player"]));
  return `${player} ${change < 0 ? "loses" : "gains"} ${by} of its real income, ${amount} a year.`;
};

function Outcome() {
  const answer = play.answer.value;
  if (!answer) {
    return (
      <section class="card outcome">
        <Caption title="Outcome" />
        <p class="soft">
          {play.busy.value ? "" : "Choose the players, their instruments and their aims, then press Play."}
        </p>
      </section>
    );
  }
  const { outcome: table } = answer.value;
  const document = answer.question.game;
  const columns = columnsOf(kindOf(document)).filter((column) => table.rows.some((row) => row[column] !== undefined));
  const old = !play.answers(question.value);
  return (
    <section class={old ? "card outcome old" : "card outcome"}>
      <Caption title={inWords(table.title)} detail={old ? "for earlier choices: press Play again" : unitAndYear()} />
      {kindOf(document) === "players" && (
        <ul class="verdict">
          {table.rows.map((row) => (
            <li key={String(row["player"])}>{verdict(row)}</li>
          ))}
        </ul>
      )}
      <Results
        table={kindOf(document)}
        who={whoOf(document)}
        caption={inWords(table.title)}
        rows={table.rows}
        columns={columns}
        names={nameIn}
      />
      <Notes table={table} command={`derisk play ${world.value!.title} game.yaml`} />
    </section>
  );
}

const FEW = 6; /* rates that need no picture */

/* "tariff on China" */
const instrumentOf = (row: Row): string =>
  `${row["instrument"]} ${row["instrument"] === "tariff" ? "on" : "to"} ${nameOf(String(row["with"]))}`;

/* A dot for each rate: sectors down, players in colours. */
const series = (row: Row): string => `${nameOf(String(row["player"]))}: ${instrumentOf(row)}`;
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
    x: { label: null, grid: true, zero: true, tickFormat: (x: number) => `${x}%` },
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

function Rates() {
  const answer = play.answer.value;
  const table = answer?.value.settings;
  if (!table?.rows.some((row) => "rate" in row)) return null;
  const held = table.rows.some((row) => row["bound"]) ? ["bound"] : [];
  const rows = table.rows.map((row, i) => ({ ...row, key: i, instrument: instrumentOf(row) }));
  return (
    <section class="card rates">
      <Caption title="Rates of each player" detail={`percent, added to existing rates; trade in ${unitAndYear()}`} />
      <Results
        table="rates"
        caption="Rates of each player"
        rows={rows}
        key_="key"
        columns={["player", "instrument", "sector", "rate", ...held, "trade"]}
        names={nameIn}
      />
      {rows.length > FEW && (
        <>
          <Legend names={[...new Set(table.rows.map(series))]} />
          <Chart label="Rates of each player, by sector" picture="rates" options={ratesOptions(table.rows)} />
        </>
      )}
    </section>
  );
}

/* ---- Best responses ---- */

function reactionOptions(curves: Row[], rows: Row[]): (width: number, height: number) => Plot.PlotOptions {
  const [a, b] = [String(rows[0]!["player"]), String(rows[1]!["player"])];
  const line = (mover: string) => curves.filter((row) => row["mover"] === mover);
  const answers = line(a).map((row) => ({ x: Number(row["at"]), y: Number(row["rate"]) }));
  const back = line(b).map((row) => ({ x: Number(row["rate"]), y: Number(row["at"]) }));
  const end = [{ x: Number(rows[0]!["rate"]), y: Number(rows[1]!["rate"]) }];
  const label = (points: { x: number; y: number }[], text: string) => ({ ...points.at(-1)!, text });
  return () => ({
    style: { background: "none", color: "var(--soft)", fontSize: "11px" },
    marginLeft: 46,
    marginBottom: 34,
    marginTop: 22,
    marginRight: 20,
    x: {
      label: `${nameOf(a)}'s rate, %`,
      labelAnchor: "center",
      labelArrow: "none",
      domain: [0, Math.max(...answers.map((p) => p.x), ...back.map((p) => p.x))],
      nice: true,
    },
    y: {
      label: `${nameOf(b)}'s rate, %`,
      labelAnchor: "top",
      labelArrow: "none",
      grid: true,
      domain: [0, Math.max(...answers.map((p) => p.y), ...back.map((p) => p.y))],
      nice: true,
    },
    marks: [
      Plot.line(answers, { x: "x", y: "y", stroke: "var(--economy-1)", strokeWidth: 2 }),
      Plot.line(back, { x: "x", y: "y", stroke: "var(--economy-2)", strokeWidth: 2 }),
      Plot.text([label(answers, `best response of ${nameOf(b)}`)], {
        x: "x",
        y: "y",
        text: "text",
        textAnchor: "end",
        dy: -9,
        fill: "var(--ink)",
      }),
      Plot.text([label(back, `best response of ${nameOf(a)}`)], {
        x: "x",
        y: "y",
        text: "text",
        textAnchor: "start",
        dx: 8,
        dy: 8,
        fill: "var(--ink)",
      }),
      Plot.dot(end, { x: "x", y: "y", r: 6, fill: "var(--own)", stroke: "var(--ink)" }),
    ],
  });
}

function BestResponses() {
  const answer = play.answer.value;
  if (!answer?.value.settings || kindOf(answer.question.game) !== "players") return null;
  const asked = { game: answer.question.game, settings: answer.value.settings.rows };
  const found = responses.answers(asked) ? responses.answer.value!.value : null;
  return (
    <section class="card responses">
      <div class="row between">
        <Caption title="Best responses" detail="the best response of each player to the policies of the others" />
        {!found && (
          <button type="button" class="go" disabled={responses.busy.value} onClick={() => responses.start(asked)}>
            Compute best responses
          </button>
        )}
      </div>
      <JobStatus job={responses} />
      {found && found.curves.length > 0 && (
        <Chart
          label="Best-response functions; they cross at a Nash equilibrium"
          picture="best-responses"
          options={reactionOptions(found.curves, found.rows)}
        />
      )}
      {found && (
        <Results
          table="responses"
          caption="Best responses"
          rows={found.rows.map((row, i) => ({ ...row, key: i, instrument: instrumentOf(row) }))}
          key_="key"
          columns={["player", "instrument", "sector", "alone", "rate"]}
          names={nameIn}
        />
      )}
    </section>
  );
}

/* ---- Pictures ---- */

const WAY: Record<string, { title: (who: Who) => string; column: string; name: (row: Row) => string }> = {
  coercion: {
    title: ({ of: a, other }) => `Leverage of ${other}: the loss of ${a} over its own loss`,
    column: "leverage",
    name: (row) => nameIn("withheld", String(row["withheld"])),
  },
  coalition: {
    title: ({ of: a }) => `Shapley value of each partner for ${a}: percent of real income`,
    column: "shapley",
    name: (row) => nameOf(String(row["partner"])),
  },
  delay: {
    title: ({ other }) => `Cost to ${other} of each year of delay: percent of its real income`,
    column: "cost",
    name: (row) => `Year ${row["year"]}, cap ${share(Number(row["cap"]))}`,
  },
};

function Picture() {
  const answer = play.answer.value;
  if (!answer) return null;
  const what = kindOf(answer.question.game);
  if (what === "players") {
    const table: Table | undefined = answer.value.regions;
    return table ? (
      <section class="card gains">
        <Caption title="Gains and losses in the outcome" detail={`real income, change in percent, ${year.value}`} />
        <Bars
          label="Gains and losses in the outcome of the game"
          picture="game"
          rows={table.rows}
          column="welfare"
          always={players.value.map(({ player }) => player)}
        />
      </section>
    ) : null;
  }
  const { title: titled, column, name } = WAY[what]!;
  const title = titled(whoOf(answer.question.game));
  const rows = answer.value.outcome.rows.filter((row) => typeof row[column] === "number");
  const old = !play.answers(question.value);
  return (
    <section class={old ? "card gains old" : "card gains"}>
      <Caption title={title} detail={old ? "for earlier choices: press Play again" : String(year.value)} />
      <Bars
        label={title}
        picture="game"
        rows={rows}
        column={column}
        name={name}
        cost={what === "delay"}
        inOrder={what === "delay"}
        {...(what === "coercion" ? { text: (value: number) => value.toFixed(2) } : {})}
      />
    </section>
  );
}

export function Play() {
  useEffect(() => {
    if (isSmall.value && !play.answer.value && !play.busy.value) void run();
  }, []);
  const trials = play.answer.value && kindOf(play.answer.value.question.game) !== "players";
  const few = (play.answer.value?.value.settings?.rows.length ?? 0) <= FEW;
  return (
    <div class={trials ? "panel play trials" : "panel play"}>
      <Game />
      <div class="column">
        <Outcome />
        <Rates />
        {few && <BestResponses />}
      </div>
      <div class="column">
        {!few && <BestResponses />}
        <Picture />
      </div>
    </div>
  );
}

export function playDownloads(): Download[] {
  const found = play.answer.value?.value;
  return [
    textDownload("The game (YAML)", "game.yaml", () => yamlOfGame(game.value)),
    ...(found ? [rowsDownload("The outcome", "outcome.csv", found.outcome.rows)] : []),
    ...(found?.settings ? [rowsDownload("The rates", "settings.csv", found.settings.rows)] : []),
    ...(found?.regions ? [rowsDownload("Gains and losses", "game-regions.csv", found.regions.rows)] : []),
    ...(responses.answer.value
      ? [rowsDownload("Best responses", "best-responses.csv", [...responses.answer.value.value.rows])]
      : []),
  ];
}

export function playAbout(): About {
  const found = play.answer.value?.value.outcome;
  if (!found) return noLines;
  const command = `derisk play ${world.value!.title} game.yaml`;
  return { question: [inWords(found.title)], answer: found.answer.map(inWords), command };
}
