/* Uncertainty: bands from draws for every change, the certificate, settings, sources and notes in full, and the
   limits of the model. */
import * as Plot from "@observablehq/plot";
import { useComputed } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { noLines, questionOf, type About } from "../about";
import type { Certificate, Row, Table } from "../api";
import { bands, drawn, draws, elasticityError, question, seed, shareError } from "../bands";
import { CHANGES, columnsOf, headingOf, percentLike, share } from "../format";
import { inHash } from "../hash";
import { Chart } from "../parts/chart";
import { Segments, Select, Slider } from "../parts/controls";
import { Horizon, settingOptions, settingsNow } from "../parts/horizon";
import { JobStatus } from "../parts/job";
import { rowsDownload, type Download } from "../parts/menu";
import { Caption, ErrorLine } from "../parts/status";
import { Results } from "../parts/table";
import { wordsOf } from "../phrases";
import { scenario } from "../scenario";
import { oneOf } from "../schema";
import { isOld, solution, trouble, useSolution } from "../solution";
import { isSmall, nameOf, panel, world, year } from "../state";
import { words } from "../words";

const what = inHash<string>("sure.what", "welfare", oneOf(...CHANGES));
const view = inHash<string>("sure.view", "bars", oneOf("bars", "table"));

/* ---- What is asked ---- */

const run = (): Promise<void> => drawn.start(question.value);

function Asked() {
  const changes = scenario.value!.changes;
  const most = 1000;
  return (
    <section class="card asked" aria-label="Draws">
      <Caption title="The scenario" />
      <ul>
        {changes.map((change, i) => (
          <li key={i}>{wordsOf(change)}</li>
        ))}
      </ul>
      {changes.length === 0 && <p class="soft">The scenario has no change. Add one in Levers.</p>}
      <button
        type="button"
        class="plain"
        onClick={() => {
          panel.value = "levers";
        }}
      >
        Change it in Levers
      </button>
      <Caption title="The draws" />
      <Horizon />
      <Slider
        label="Number of draws"
        value={draws.value}
        min={20}
        max={most}
        step={20}
        shown={String(draws.value)}
        change={(n) => {
          draws.value = n;
        }}
      />
      <Slider
        label="Default error of trade elasticities"
        value={100 * elasticityError.value}
        min={0}
        max={60}
        step={5}
        shown={share(elasticityError.value)}
        change={(x) => {
          elasticityError.value = x / 100;
        }}
      />
      <Slider
        label="Standard error of trade shares"
        value={100 * shareError.value}
        min={0}
        max={30}
        step={1}
        shown={share(shareError.value)}
        change={(x) => {
          shareError.value = x / 100;
        }}
      />
      <label class="field percent">
        <span class="label">Seed</span>
        <input
          type="number"
          min="0"
          step="1"
          value={seed.value}
          onChange={(event) => {
            if (event.currentTarget.valueAsNumber >= 0) seed.value = Math.floor(event.currentTarget.valueAsNumber);
          }}
        />
      </label>
      <button
        type="button"
        class={drawn.answers(question.value) ? "go done" : "go"}
        disabled={drawn.busy.value || changes.length === 0}
        onClick={run}
      >
        Draw
      </button>
      <JobStatus job={drawn} />
      <p class="soft">
        Each draw solves the model with other trade elasticities; a band holds 90% of the draws. An error is a standard
        error, as a part of the estimate: an assumption, where the estimate comes without one.
      </p>
    </section>
  );
}

/* ---- Bands ---- */

/* By economy: what the model says at the estimates, and the draws. */
const banded = (table: Table): Row[] =>
  table.rows.map((row) => ({
    region: row["region"]!,
    estimate: row[what.value] ?? null,
    low: row[`${what.value}_p5`] ?? null,
    median: row[`${what.value}_median`] ?? null,
    high: row[`${what.value}_p95`] ?? null,
  }));

const signOf = ({ low, high }: Row): string =>
  Number(low) > 0 ? "var(--gain)" : Number(high) < 0 ? "var(--loss)" : "var(--soft)";

function bandOptions(rows: Row[]): (width: number, height: number) => Plot.PlotOptions {
  return (width, height) => {
    const size = (row: Row) => Math.max(Math.abs(Number(row["low"])), Math.abs(Number(row["high"])));
    const shown = [...rows]
      .sort((a, b) => size(b) - size(a))
      .slice(0, Math.max(4, Math.floor((height - 40) / 18)))
      .sort((a, b) => Number(b["estimate"]) - Number(a["estimate"]));
    const name = (row: Row) => nameOf(String(row["region"]));
    return {
      style: { background: "none", color: "var(--ink)", fontSize: "11.5px" },
      height: Math.min(height, shown.length * 28 + 44),
      marginLeft: Math.min(150, width / 3),
      marginRight: 16,
      marginTop: 4,
      marginBottom: 24,
      x: {
        label: null,
        grid: true,
        ticks: width < 420 ? 3 : 7,
        tickFormat: (x: number) => `${+x.toFixed(4)}%`.replace("-", "−"),
      },
      y: { label: null, domain: shown.map(name), tickSize: 0 },
      marks: [
        Plot.ruleX([0], { stroke: "var(--soft)" }),
        Plot.ruleY(shown, { y: name, x1: "low", x2: "high", stroke: signOf, strokeWidth: 7, strokeOpacity: 0.45 }),
        Plot.tickX(shown, {
          y: name,
          x: "median",
          stroke: "var(--ink)",
          strokeWidth: 1.5,
          insetTop: 3,
          insetBottom: 3,
        }),
        Plot.dot(shown, { y: name, x: "estimate", fill: signOf, stroke: "var(--surface)", r: 4.5 }),
      ],
    };
  };
}

function Bands() {
  const table = bands.value ?? drawn.answer.value?.value.draws ?? null;
  const old = table !== null && !drawn.answers(question.value);
  const rows = useComputed(() => (table ? banded(table) : []));
  const title = `${headingOf("regions", what.value)} with its band`;
  const columns = CHANGES.filter((column) => table?.rows[0] && `${column}_p5` in table.rows[0]);
  return (
    <section class={old ? "card bands old" : "card bands"}>
      <div class="row between">
        <Caption
          title={title}
          detail={old ? "for earlier choices: press Draw again" : `change in percent, ${year.value}`}
        />
        <div class="row">
          {columns.length > 0 && (
            <Select
              label="Shown"
              hidden
              value={what.value}
              choose={(column) => {
                what.value = column;
              }}
            >
              {columns.map((column) => (
                <option key={column} value={column}>
                  {headingOf("regions", column)}
                </option>
              ))}
            </Select>
          )}
          <Segments
            label="Shown as"
            hidden
            value={view.value}
            choose={(value) => {
              view.value = value;
            }}
            choices={[
              { value: "bars", label: "Picture" },
              { value: "table", label: "Table" },
            ]}
          />
        </div>
      </div>
      {table && view.value === "bars" && <Chart label={title} picture="bands" options={bandOptions(rows.value)} />}
      {table && view.value === "table" && (
        <Results
          table="bands"
          caption={table.title}
          rows={rows.value}
          columns={columnsOf("bands")}
          names={(column, text) => (column === "region" ? nameOf(text) : text)}
        />
      )}
      {!table && !drawn.busy.value && !isSmall.value && <p class="soft">{words.large.draw}</p>}
      {table && (
        <p class="soft">
          Band: 5% to 95% of the draws; tick: their median; dot: at the estimates. Grey: the band has both signs, so not
          even the direction is sure.
        </p>
      )}
    </section>
  );
}

/* ---- How sound the numbers are ---- */

const PARTS: [key: string, title: string][] = [
  ["market_clearing", "Market clearing: goods and factors"],
  ["trade_balance", "Trade balance of each economy, as the closure sets it"],
  ["adding_up", "Adding-up: shares sum to one, incomes to factor payments"],
  ["walras", "Walras' law: the market that is not solved for"],
  ["complementarity", "Complementary slackness of volume limits and rigid wages"],
];

const small = (value: number): string => (value === 0 ? "0" : value.toExponential(1).replace("-", "−"));

function Sound({ certificate }: { certificate: Certificate | undefined }) {
  if (!certificate) return null;
  const good = certificate.worst_residual <= 1e-8;
  return (
    <>
      <p class="verdict">
        <span class="light">
          <i class={good ? "good" : "bad"} />
        </span>{" "}
        {good ? "The numbers solve the model" : "The numbers do not solve the model"}: worst residual{" "}
        {small(certificate.worst_residual)}
        {certificate.worst_equation ? `, ${certificate.worst_equation}` : ""}
      </p>
      <table class="pairs">
        <caption class="unseen">Residuals of the equations, relative</caption>
        <tbody>
          {PARTS.flatMap(([key, title]) =>
            typeof certificate[key] === "number"
              ? [
                  <tr key={key}>
                    <th scope="row">{title}</th>
                    <td class="number">{small(certificate[key])}</td>
                  </tr>,
                ]
              : [],
          )}
        </tbody>
      </table>
      <p class="soft">
        Each equation is computed anew from the resulting table, by code that is not the solver's. A run with a residual
        beyond 1e−8 is an error and shows no numbers.
      </p>
    </>
  );
}

/* Limits of the model. */
function leavesOut(): string[] {
  const settings = scenario.value!;
  return [
    "Retaliation: see Play.",
    settings.horizon === "short"
      ? "Adjustment after the first year: choose another horizon."
      : "The cost of a sudden stop before buyers and workers adjust: choose the short horizon.",
    "Transition: the results compare equilibria and do not say when the new one is reached.",
    "Aggregate demand, money and debt: prices are flexible; growth and inflation are outside the model.",
    settings["rigid-wages"]
      ? "Unemployment outside the economies with rigid wages."
      : "Unemployment: displaced labour finds other work, unless wages are set as downward rigid.",
    "Firms and products: a sector is one good from each economy, without products or firms within it.",
    "Investment, innovation and economies of scale: technology is given.",
  ];
}

/* The command with the same bands. */
const command = (): string =>
  [
    `derisk simulate ${world.value!.title} scenario.yaml`,
    "--draws",
    draws.value,
    "--seed",
    seed.value,
    ...(elasticityError.value > 0 ? ["--elasticity-error", share(elasticityError.value)] : []),
    ...(shareError.value > 0 ? ["--share-error", share(shareError.value)] : []),
    ...settingOptions(settingsNow()),
  ].join(" ");

function Ground() {
  const table = solution.value?.regions ?? null;
  const noted = drawn.answers(question.value) ? drawn.answer.value!.value.draws.notes : [];
  const notes = [...new Set([...(table?.answer ?? []), ...(table?.notes ?? []), ...noted])];
  const settings = Object.entries(table?.settings ?? {});
  return (
    <section
      class={isOld.value ? "card ground old" : "card ground"}
      aria-label="Certificate, limits and sources"
      tabIndex={0}
    >
      <ErrorLine message={trouble.value} />
      <Caption title="Certificate" />
      <Sound certificate={table?.certificate} />
      <Caption title="Limits of the model" />
      <ul>
        {leavesOut().map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <Caption title="Settings" />
      <table class="pairs">
        <caption class="unseen">Settings</caption>
        <tbody>
          {settings.map(([key, value]) => (
            <tr key={key}>
              <th scope="row">{key}</th>
              <td>{String(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Caption title="Notes" />
      <ul>
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
      <Caption title="Sources" />
      <ul>
        {world.value!.sources.map((source) => (
          <li key={source.id}>{[source.title, source.publisher, source.licence].filter(Boolean).join("; ")}</li>
        ))}
      </ul>
      <p class="soft">
        <a href="glossary.html">Glossary of all terms</a>;{" "}
        <a href="licences.txt">licences of the components of this page</a>
      </p>
      <p class="soft">
        On the command line: <code>{command()}</code>
      </p>
    </section>
  );
}

export function Sure() {
  useSolution(() => world.value!.regions[0]!.code);
  useEffect(() => {
    if (isSmall.value && !bands.value && !drawn.busy.value && scenario.value!.changes.length > 0) void run();
  }, []);
  return (
    <div class="panel sure">
      <Asked />
      <Bands />
      <Ground />
    </div>
  );
}

export const sureDownloads = (): Download[] =>
  drawn.answer.value ? [rowsDownload("The bands, every column", "bands.csv", drawn.answer.value.value.draws.rows)] : [];

/* The economies that the draws move most, with their bands. */
export function sureAbout(): About {
  if (!bands.value) return noLines;
  const size = (row: Row): number => Math.abs(Number(row["estimate"]));
  const rows = banded(bands.value).sort((a, b) => size(b) - size(a));
  const text = (row: Row): string => {
    const format = percentLike(["estimate", "low", "high"].map((key) => Number(row[key])));
    const between = words.band.between(format(Number(row["low"])), format(Number(row["high"])));
    return `${nameOf(String(row["region"]))}: ${format(Number(row["estimate"]))}; ${between}`;
  };
  return { question: questionOf(scenario.value!), answer: rows.slice(0, 3).map(text), command: command() };
}
