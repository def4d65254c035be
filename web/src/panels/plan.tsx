/* Plan: least-cost diversification away from a supplier. Caps by sector, rates and shadow prices, and the cost of other
   caps. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { noLines, type About } from "../about";
import type { Row, Table } from "../api";
import { cell, explanationOf, headingOf, money, rate, share } from "../format";
import { inHash } from "../hash";
import { Bars } from "../parts/bars";
import { Economy } from "../parts/combo";
import { Segments, Slider } from "../parts/controls";
import { Frontier } from "../parts/frontier";
import { Horizon } from "../parts/horizon";
import { JobStatus } from "../parts/job";
import { rowsDownload, textDownload, type Download } from "../parts/menu";
import { Notes } from "../parts/notes";
import { SectorsCombo } from "../parts/sectors";
import { Caption } from "../parts/status";
import { Results } from "../parts/table";
import {
  aim,
  budget,
  cap,
  capsRows,
  caps,
  changesOf,
  commandOf,
  curve,
  curveQuestion,
  factsOf,
  frontier,
  levers,
  maxLoss,
  ownCaps,
  plan,
  question,
  risk,
  sectors,
  shareOf,
  stock,
  type Question,
} from "../planning";
import { scenario, yamlOf } from "../scenario";
import { oneOf } from "../schema";
import { takeUp } from "../shelf";
import { certificate, isSmall, nameOf, of, panel, sectorName, to, world, year } from "../state";
import { inWords } from "../trouble";
import { words } from "../words";

const gains = inHash<string>("plan.gains", "bars", oneOf("bars", "table")); /* who gains and loses: bars or a table */

const unitAndYear = () => `${world.value!.unit}, ${year.value}`;

async function makePlan(): Promise<void> {
  await plan.start(question.value);
  if (plan.answer.value?.value.sectors.certificate) certificate.value = plan.answer.value.value.sectors.certificate;
}

/* ---- Choices ---- */

const LEVERS = [
  ["tariff", "Tariffs on the supplier", "on imports from the supplier"],
  ["others", "Subsidies on imports from others", "on imports from all other suppliers"],
  ["home", "Subsidies on domestic output", "on domestic output"],
] as const;

function Means() {
  const turn = (lever: string) => {
    const now = LEVERS.map(([key]) => key as string).filter((key) =>
      key === lever ? !levers.value.includes(key) : levers.value.includes(key),
    );
    if (now.length > 0) levers.value = now;
  };
  return (
    <fieldset class="checks">
      <legend class="label">Instruments</legend>
      {LEVERS.map(([key, label, title]) => (
        <label class="check" key={key} title={title}>
          <input type="checkbox" checked={levers.value.includes(key)} onChange={() => turn(key)} /> {label}
        </label>
      ))}
    </fieldset>
  );
}

function CapSlider() {
  const own = Object.keys(ownCaps.value).length;
  const label =
    own > 0 ? "Cap on every sector without a cap of its own" : `Cap on the share of ${nameOf(to.value)} in each sector`;
  const isFine = shareOf.value === "look-through"; /* these shares are small */
  return (
    <Slider
      label={label}
      value={100 * cap.value}
      min={isFine ? 0.5 : 1}
      max={isFine ? 30 : 100}
      step={isFine ? 0.5 : 1}
      shown={share(cap.value)}
      change={(value) => {
        cap.value = value / 100;
      }}
    />
  );
}

const Stock = () => (
  <Slider
    label="Stock, months of use"
    value={stock.value}
    min={0}
    max={12}
    step={1}
    shown={String(stock.value)}
    change={(value) => {
      stock.value = value;
    }}
  />
);

function Goal() {
  switch (aim.value) {
    case "budget":
      return (
        <Slider
          label="Maximum cost, share of real income"
          value={100 * budget.value}
          min={0.01}
          max={2}
          step={0.01}
          shown={share(budget.value)}
          change={(value) => {
            budget.value = value / 100;
          }}
        />
      );
    case "max-loss":
      return (
        <>
          <Slider
            label={`Maximum loss if ${nameOf(to.value)} cuts off supply, share of a year's real income`}
            value={100 * maxLoss.value}
            min={0.05}
            max={5}
            step={0.05}
            shown={share(maxLoss.value)}
            change={(value) => {
              maxLoss.value = value / 100;
            }}
          />
          <Stock />
        </>
      );
    case "risk":
      return (
        <>
          <Slider
            label={`Annual probability that ${nameOf(to.value)} cuts off supply`}
            value={100 * risk.value}
            min={0.5}
            max={50}
            step={0.5}
            shown={share(risk.value)}
            change={(value) => {
              risk.value = value / 100;
            }}
          />
          <Stock />
        </>
      );
    default:
      return <CapSlider />;
  }
}

function Controls() {
  return (
    <div class="card controls">
      <div class="row">
        <Economy
          label="Economy that diversifies"
          value={of.value}
          choose={(code) => {
            of.value = code;
          }}
        />
        <Economy
          label="Supplier to diversify away from"
          value={to.value}
          choose={(code) => {
            to.value = code;
          }}
        />
        <div class="wide">
          <SectorsCombo
            chosen={sectors.value}
            choose={(codes) => {
              sectors.value = codes;
            }}
          />
        </div>
        <Segments
          label="Base of the shares"
          value={shareOf.value}
          choose={(value) => {
            shareOf.value = value;
          }}
          choices={[
            { value: "imports", label: "Imports" },
            { value: "use", label: "Use", title: "all use of the sector's goods, domestic production included" },
            {
              value: "look-through",
              label: "Look-through",
              title: "all inputs of the sector, counted through every stage of production and every third country",
            },
          ]}
        />
        <Means />
        <Horizon />
      </div>
      <div class="row goal">
        <Segments
          label="Goal"
          value={aim.value}
          choose={(value) => {
            aim.value = value;
          }}
          choices={[
            {
              value: "cap",
              label: "Cap each sector",
              title: "the least-cost plan that brings the share in each sector down to a cap",
            },
            {
              value: "budget",
              label: "Limit the cost",
              title: "the lowest aggregate share that is attainable at this cost",
            },
            {
              value: "max-loss",
              label: "Limit the loss from a cut-off",
              title: "the least-cost plan that limits the real-income loss from a sudden cut-off",
            },
            {
              value: "risk",
              label: "Insure",
              title: "the plan that maximises expected real income, given the probability of a cut-off",
            },
          ]}
        />
        <div class="wide sliders">
          <Goal />
        </div>
        <button
          type="button"
          class={plan.answers(question.value) ? "go done" : "go"}
          disabled={plan.busy.value}
          onClick={makePlan}
        >
          Plan it
        </button>
      </div>
      <JobStatus job={plan} />
    </div>
  );
}

/* ---- The plan ---- */

/* A cost of 0.0017% would round to nothing. */
const small = (value: number): string =>
  Math.abs(value) >= 0.1 ? rate(value) : `${value.toFixed(4)}%`.replace("-", "−");

type Item = [what: string, value: string, detail: string];

function Facts({ asked, table }: { asked: Question; table: Table }) {
  const facts = factsOf(table);
  const side = (who: string, verbs: [string, string], loss: number): Item => [
    `${who} ${verbs[loss < 0 ? 1 : 0]}`,
    money(Math.abs(loss)),
    "a year",
  ];
  const items: Item[] = [
    ["Cost to all economies", small(facts.cost), `of the real income of ${nameOf(asked.of)}`],
    ["in money", money(facts.cost_value), `${table.unit} a year`],
    side(nameOf(asked.of), ["loses", "gains"], facts.own_loss_value),
    side("The others", ["lose", "gain"], facts.others_loss_value),
    ["Terms of trade", money(facts.terms_of_trade_value), `a year, from the others to ${nameOf(asked.of)}`],
    [
      `Share of ${nameOf(asked.from)}`,
      `${share(facts.share_before)} → ${share(facts.share)}`,
      "all chosen sectors together",
    ],
    ["Tariff revenue", money(facts.revenue), "a year"],
    ...(facts.loss !== undefined
      ? [["Loss in a cut-off", `${rate(facts.loss_before!)} → ${rate(facts.loss)}`, "of annual real income"] as Item]
      : []),
    ...(facts.break_even ? [["Break-even risk", share(facts.break_even), "a year"] as Item] : []),
    ...(facts.expected_gain !== undefined
      ? [["Expected gain", small(facts.expected_gain), `${money(facts.expected_gain_value!)} a year`] as Item]
      : []),
    ...(facts.support > 0 ? [["Cost of subsidies", money(facts.support), "a year"] as Item] : []),
  ];
  return (
    <dl class="facts">
      {items.map(([what, value, detail]) => (
        <div key={what}>
          <dt>{what}</dt>
          <dd>
            {value}
            <small>{detail}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}

const Gain = () => (
  <p class="soft">
    Its real income rises because the tariffs of the plan lower the prices that foreign suppliers receive (terms of
    trade): a transfer between economies. The result assumes no retaliation; Play computes the best responses.
  </p>
);

/* The share before and under the plan, with the cap as a tick. */
function ShareBar({ row }: { row: Row }) {
  const limit = row["cap"];
  return (
    <svg class="sharebar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      <rect width="100" height="10" fill="var(--none)" />
      <rect width={100 * Number(row["share"])} y="1" height="8" fill="var(--size)" opacity="0.35" />
      <rect width={100 * Number(row["new_share"])} y="1" height="8" fill="var(--size)" />
      {typeof limit === "number" && limit < 1 && (
        <rect x={100 * limit - 0.4} width="0.8" height="10" fill="var(--loss)" />
      )}
    </svg>
  );
}

function CapInput({ sector }: { sector: string }) {
  const set = (text: string) => {
    const { [sector]: _, ...rest } = caps.value;
    const value = Number(text);
    caps.value = text === "" || !(value > 0 && value <= 100) ? rest : { ...rest, [sector]: value / 100 };
  };
  const own = caps.value[sector];
  return (
    <input
      class="cap"
      type="number"
      min="1"
      max="100"
      step="1"
      aria-label={`Cap for ${sectorName(sector)}, percent`}
      placeholder={(100 * cap.value).toFixed(0)}
      value={own === undefined ? "" : String(+(100 * own).toPrecision(6))}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}

const RATES = ["shadow_price", "tariff", "support_others", "support_home"];

function Sectors({ table }: { table: Table }) {
  const has = (column: string) => table.rows.some((row) => row[column] !== undefined && row[column] !== null);
  const size = ["imports", "use", "inputs"].find(has) ?? "imports";
  const columns = RATES.filter(has);
  const number = (column: string, row: Row) => (
    <td key={column} class="number">
      {cell("plan", column, row[column])}
    </td>
  );
  return (
    <div class="results grow" tabIndex={0} role="region" aria-label="The plan by sector">
      <table>
        <caption class="unseen">
          {inWords(table.title)}, {table.unit}
        </caption>
        <thead>
          <tr>
            <th scope="col">Sector</th>
            <th scope="col" class="number" title={explanationOf("plan", size)}>
              {headingOf("plan", size)}
            </th>
            <th scope="col" class="number">
              {headingOf("plan", "share")}
            </th>
            <th scope="col" class="number" title={explanationOf("plan", "new_share")}>
              {headingOf("plan", "new_share")}
            </th>
            <th scope="col" class="bars">
              <span class="unseen">Share now and planned</span>
            </th>
            {aim.value === "cap" && (
              <th scope="col" class="number" title="maximum share; empty: the cap of all sectors">
                Cap, %
              </th>
            )}
            {columns.map((column) => (
              <th key={column} scope="col" class="number" title={explanationOf("plan", column)}>
                {headingOf("plan", column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => {
            const sector = String(row["sector"]);
            return (
              <tr key={sector}>
                <th scope="row" title={sectorName(sector)}>
                  {sectorName(sector)}
                </th>
                {number(size, row)}
                {number("share", row)}
                {number("new_share", row)}
                <td class="bars">
                  <ShareBar row={row} />
                </td>
                {aim.value === "cap" && (
                  <td class="number">
                    <CapInput sector={sector} />
                  </td>
                )}
                {columns.map((column) => number(column, row))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function TakeToLevers({ asked, table }: { asked: Question; table: Table }) {
  const changes = changesOf(asked, table.rows);
  const take = () => {
    const { title: _, changes: __, groups: ___, ...settings } = scenario.value!;
    takeUp({ title: inWords(table.title), ...settings, changes });
    panel.value = "levers";
  };
  const withoutSubsidies = asked.levers.includes("home") ? ", without the subsidies on domestic output," : "";
  return (
    <button
      type="button"
      class="plain"
      disabled={changes.length === 0}
      title={`The plan's tariffs${withoutSubsidies} become the scenario`}
      onClick={take}
    >
      Take to Levers
    </button>
  );
}

function ThePlan() {
  const answer = plan.answer.value;
  const old = answer !== null && !plan.answers(question.value);
  if (!answer)
    return (
      <section class="card planned">
        <Caption title="The plan" />
        <p class="soft">
          {plan.busy.value ? "Searching for the least-cost plan." : isSmall.value ? "" : words.large.plan}
        </p>
      </section>
    );
  const {
    question: asked,
    value: { sectors: table },
  } = answer;
  return (
    <section class={old ? "card planned old" : "card planned"}>
      <div class="row between">
        <Caption
          title={inWords(table.title)}
          detail={old ? "for earlier choices: press Plan it again" : unitAndYear()}
        />
        <TakeToLevers asked={asked} table={table} />
      </div>
      <Facts asked={asked} table={table} />
      {factsOf(table).own_loss_value < 0 && <Gain />}
      <Sectors table={table} />
      <Notes table={table} command={commandOf(asked)} />
    </section>
  );
}

/* ---- The frontier ---- */

const pointText = (row: Row): string => {
  const [cost, value, own] = [Number(row["cost"]), Number(row["cost_value"]), Number(row["own_loss"])];
  const whose = `${nameOf(of.value)} ${own < 0 ? "gains" : "loses"} ${money(Math.abs(own))}`;
  return `costs all economies ${money(value)} a year, ${small(cost)} of its real income; ${whose}`;
};

function TheFrontier() {
  const moving = useSignal<number | null>(null);
  const table = curve.answer.value?.value.curve;
  const at = moving.value ?? cap.value;
  const nearest = table?.rows.reduce((best, row) =>
    Math.abs(Number(row["cap"]) - at) < Math.abs(Number(best["cap"]) - at) ? row : best,
  );
  const choose = (value: number) => {
    moving.value = null;
    aim.value = "cap";
    caps.value = {};
    cap.value = value;
    void makePlan();
  };
  const draw = () => {
    frontier.value = true;
    void curve.start(curveQuestion.value);
  };
  const old = table !== undefined && !curve.answers(curveQuestion.value);
  return (
    <section class={old ? "card frontiers old" : "card frontiers"}>
      <div class="row between">
        <Caption
          title="Cost of other caps"
          detail={`percent of the real income of ${nameOf(of.value)}, to all economies, ${year.value}; each is a plan`}
        />
        {(!table || old) && (
          <button type="button" class="go" disabled={curve.busy.value} onClick={draw}>
            {table ? "Draw again" : "Draw the frontier"}
          </button>
        )}
      </div>
      <JobStatus job={curve} />
      {table && nearest && (
        <>
          <p role="status">
            Cap {share(Number(nearest["cap"]))}: {pointText(nearest)}, shadow price{" "}
            {money(Number(nearest["shadow_price"]))}.
          </p>
          <Frontier
            label={inWords(table.title)}
            picture="frontier"
            rows={table.rows}
            at={at}
            text={pointText}
            move={(value) => {
              moving.value = value;
            }}
            choose={choose}
          />
        </>
      )}
      {!table && !curve.busy.value && (
        <p class="soft">
          The frontier has 25 plans, with caps from the largest share of any sector down to almost none. A handle on it
          chooses one of them.
        </p>
      )}
    </section>
  );
}

/* ---- Who gains and who loses ---- */

function Gains() {
  const table = plan.answer.value?.value.regions;
  const old = table !== undefined && !plan.answers(question.value);
  const title = "Gains and losses under the plan";
  return (
    <section class={old ? "card gains old" : "card gains"}>
      <div class="row between">
        <Caption
          title={title}
          detail={
            old
              ? "for earlier choices: press Plan it again"
              : `welfare: real income of final demand, change in percent, ${year.value}`
          }
        />
        <Segments
          label="Shown as"
          hidden
          value={gains.value}
          choose={(value) => {
            gains.value = value;
          }}
          choices={[
            { value: "bars", label: "Bars" },
            { value: "table", label: "Table" },
          ]}
        />
      </div>
      {table && gains.value === "bars" && (
        <Bars label={title} picture="gains" rows={table.rows} column="welfare" always={[of.value, to.value]} />
      )}
      {table && gains.value === "table" && (
        <Results
          table="regions"
          caption={inWords(table.title)}
          rows={table.rows}
          columns={["region", "welfare", "real_wage", "consumer_price", "exports", "imports"]}
          names={(column, text) => (column === "region" ? nameOf(text) : text)}
        />
      )}
    </section>
  );
}

export function Plan() {
  useEffect(() => {
    if (isSmall.value && !plan.answer.value && !plan.busy.value) void makePlan();
    if (isSmall.value && frontier.value && !curve.answer.value && !curve.busy.value)
      void curve.start(curveQuestion.value);
  }, []);
  return (
    <div class="panel plan">
      <Controls />
      <ThePlan />
      <TheFrontier />
      <Gains />
    </div>
  );
}

export function planDownloads(): Download[] {
  const found = plan.answer.value;
  const drawn = curve.answer.value;
  return [
    ...(found
      ? [
          rowsDownload("The plan by sector", "plan.csv", found.value.sectors.rows),
          rowsDownload("Gains and losses", "plan-regions.csv", found.value.regions.rows),
          textDownload("The plan's tariffs as a scenario (YAML)", "plan.yaml", () =>
            yamlOf({
              title: found.value.sectors.title,
              ...found.question.settings,
              changes: changesOf(found.question, found.value.sectors.rows),
            }),
          ),
        ]
      : []),
    ...(found?.question.caps ? [rowsDownload("The caps by sector", "caps.csv", capsRows(found.question))] : []),
    ...(drawn ? [rowsDownload("The frontier", "frontier.csv", drawn.value.curve.rows)] : []),
  ];
}

export function planAbout(): About {
  const found = plan.answer.value;
  if (!found) return noLines;
  const { title, answer } = found.value.sectors;
  return { question: [inWords(title)], answer: answer.map(inWords), command: commandOf(found.question) };
}
