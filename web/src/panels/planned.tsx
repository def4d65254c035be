/* The plan: what it costs, the shares and rates of each sector, and who gains and who loses; beside a plan that was
   kept. */
import type { Column, Columns, Row, Table, Value } from "../api";
import { cellsOf, columnsOf, explanationOf, headingOf } from "../columns";
import { count, fine, money, percent, rate, share } from "../format";
import { inHash } from "../hash";
import { Bars } from "../parts/bars";
import { Card, type Standing } from "../parts/card";
import { Compared, Keep, KeptStatus, type Pair } from "../parts/compare";
import { Segments } from "../parts/controls";
import { Notes } from "../parts/notes";
import { Results } from "../parts/table";
import {
  aim,
  cap,
  caps,
  changesOf,
  commandOf,
  factsOf,
  kept,
  plan,
  question,
  type Facts,
  type Question,
} from "../planning";
import { scenario } from "../scenario";
import { oneOf } from "../schema";
import { takeUp } from "../shelf";
import { isSmall, nameOf, of, panel, sectorName, to, unitAndYear, year } from "../state";
import { inWords } from "../trouble";
import { words } from "../words";

const gains = inHash<string>("plan.gains", "bars", oneOf("bars", "table")); /* who gains and loses: bars or a table */

const standing = (): Standing => ({
  has: plan.answer.value !== null,
  waiting: plan.busy.value,
  old: plan.answer.value && !plan.answers(question.value) ? words.planning.earlier : undefined,
  empty: isSmall.value ? "" : words.large.plan,
});

/* ---- Facts ---- */

type Item = [what: string, value: string, detail: string];

function itemsOf(asked: Question, table: Table): Item[] {
  const facts = factsOf(table);
  const w = words.planning;
  const side = (who: string, loss: number, many: boolean): Item => [
    w.gains(who, loss < 0, many),
    money(Math.abs(loss)),
    w.year,
  ];
  return [
    [w.cost, fine(facts.cost), w.ofIncome(nameOf(asked.of))],
    [w.inMoney, money(facts.cost_value), w.inUnit(table.unit ?? "")],
    side(nameOf(asked.of), facts.own_loss_value, false),
    side(w.others, facts.others_loss_value, true),
    [w.terms, money(facts.terms_of_trade_value), w.termsTo(nameOf(asked.of))],
    [w.share(nameOf(asked.from)), w.turns(share(facts.share_before), share(facts.share)), w.together],
    [w.revenue, money(facts.revenue), w.year],
    ...(facts.loss !== undefined
      ? [[w.loss, w.turns(rate(facts.loss_before!), rate(facts.loss)), w.ofAnnual] as Item]
      : []),
    ...(facts.break_even ? [[w.breakEven, share(facts.break_even), w.year] as Item] : []),
    ...(facts.expected_gain !== undefined
      ? [[w.expected, fine(facts.expected_gain), w.amount(money(facts.expected_gain_value!))] as Item]
      : []),
    ...(facts.support > 0 ? [[w.subsidies, money(facts.support), w.year] as Item] : []),
  ];
}

const FactsOf = ({ asked, table }: { asked: Question; table: Table }) => (
  <dl class="facts">
    {itemsOf(asked, table).map(([what, value, detail]) => (
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

/* What both plans have, in numbers that can be taken from each other. */
function pairsOf(table: Table, other: Table | null): Pair[] {
  const [a, b] = [factsOf(table), other && factsOf(other)];
  const w = words.planning;
  const pair = (name: string, key: keyof Facts, text: (value: number) => string, sign = 1): Pair[] => {
    const [mine, theirs] = [a[key], b?.[key]];
    return mine === undefined
      ? []
      : [{ name, a: sign * mine, b: typeof theirs === "number" ? sign * theirs : null, text }];
  };
  return [
    ...pair(w.costPercent, "cost", fine),
    ...pair(w.costMoney(table.unit ?? ""), "cost_value", money),
    ...pair(w.ownGain(table.unit ?? ""), "own_loss_value", money, -1),
    ...pair(w.othersGain(table.unit ?? ""), "others_loss_value", money, -1),
    ...pair(w.shareThen, "share", share),
    ...pair(w.revenueOf(table.unit ?? ""), "revenue", money),
    ...pair(w.loss, "loss", rate),
    ...pair(w.expected, "expected_gain", fine),
  ];
}

/* A plan in a line: whose, and its goal. */
function nameOfPlan(asked: Question): string {
  const goals = (["cap", "budget", "max-loss", "risk"] as const).flatMap((key) =>
    asked[key] === undefined ? [] : [`${words.planning.goals[key]![0].toLowerCase()} ${share(asked[key])}`],
  );
  const goal = asked.caps ? words.planning.capsFile.toLowerCase() : goals.join(", ");
  return words.planning.named(nameOf(asked.of), nameOf(asked.from), goal);
}

function Beside({ table }: { table: Table }) {
  const asked = kept.question.value;
  if (!asked) return null;
  const found = kept.answer.value;
  return (
    <>
      <KeptStatus of={kept} />
      {found && (
        <Compared title={words.planning.plan} other={nameOfPlan(asked)} pairs={pairsOf(table, found.sectors)} />
      )}
    </>
  );
}

/* ---- Sectors ---- */

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
      aria-label={words.planning.capFor(sectorName(sector))}
      placeholder={count(100 * cap.value)}
      value={own === undefined ? "" : String(+(100 * own).toPrecision(6))}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}

const Head = ({ column }: { column: Column }) => (
  <th scope="col" class="number" title={explanationOf(column)}>
    {headingOf(column)}
  </th>
);

/* The cells of columns, as text. */
type Cells = [name: string, read: (value: Value | undefined) => string][];

const Numbers = ({ of: cells, row }: { of: Cells; row: Row }) =>
  cells.map(([name, read]) => (
    <td key={name} class="number">
      {read(row[name])}
    </td>
  ));

function SectorRow({ row, shares, rates }: { row: Row; shares: Cells; rates: Cells }) {
  const sector = String(row["sector"]);
  return (
    <tr>
      <th scope="row" title={sectorName(sector)}>
        {sectorName(sector)}
      </th>
      <Numbers of={shares} row={row} />
      <td class="bars">
        <ShareBar row={row} />
      </td>
      {aim.value === "cap" && (
        <td class="number">
          <CapInput sector={sector} />
        </td>
      )}
      <Numbers of={rates} row={row} />
    </tr>
  );
}

const SHARES = ["imports", "use", "inputs", "share", "new_share"]; /* the first of one of the three bases */
const RATES = ["shadow_price", "tariff", "support_others", "support_home"];

function Sectors({ table }: { table: Table }) {
  const [shares, rates] = [columnsOf(table, ...SHARES), columnsOf(table, ...RATES)];
  const cells = (columns: Columns): Cells =>
    Object.entries(columns).map(([name, column]) => [name, cellsOf(column, name, table.rows)]);
  const [shareCells, rateCells] = [cells(shares), cells(rates)];
  return (
    <div class="results grow" tabIndex={0} role="region" aria-label={words.planning.bySector}>
      <table>
        <caption class="unseen">
          {inWords(table.title)}, {table.unit}
        </caption>
        <thead>
          <tr>
            <th scope="col">{words.page.sector}</th>
            {Object.entries(shares).map(([name, column]) => (
              <Head key={name} column={column} />
            ))}
            <th scope="col" class="bars">
              <span class="unseen">{words.planning.shares}</span>
            </th>
            {aim.value === "cap" && (
              <th scope="col" class="number" title={words.planning.capTitle}>
                {words.planning.capColumn}
              </th>
            )}
            {Object.entries(rates).map(([name, column]) => (
              <Head key={name} column={column} />
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row) => (
            <SectorRow key={String(row["sector"])} row={row} shares={shareCells} rates={rateCells} />
          ))}
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
  return (
    <button
      type="button"
      class="plain"
      disabled={changes.length === 0}
      title={words.planning.takeTitle(asked.levers.includes("home"))}
      onClick={take}
    >
      {words.planning.take}
    </button>
  );
}

export function ThePlan() {
  const answer = plan.answer.value;
  const state = standing();
  if (!answer) return <Card box="planned" title={words.planning.plan} standing={state} />;
  const {
    question: asked,
    value: { sectors: table },
  } = answer;
  const tools = (
    <div class="row">
      <Keep of={kept} shown={state.old === undefined ? answer : null} />
      <TakeToLevers asked={asked} table={table} />
    </div>
  );
  return (
    <Card box="planned" title={inWords(table.title)} detail={unitAndYear()} beside={tools} standing={state}>
      <FactsOf asked={asked} table={table} />
      <Beside table={table} />
      {factsOf(table).own_loss_value < 0 && <p class="soft">{words.planning.optimal}</p>}
      <Sectors table={table} />
      <Notes table={table} command={commandOf(asked)} />
    </Card>
  );
}

/* ---- Who gains and who loses ---- */

function welfareOf(table: Table, other: Table | null): Pair[] {
  const there = new Map(other?.rows.map((row) => [row["region"], row["welfare"]]));
  return table.rows.map((row) => {
    const b = there.get(row["region"]!);
    return {
      name: nameOf(String(row["region"])),
      a: Number(row["welfare"]),
      b: typeof b === "number" ? b : null,
      text: percent,
    };
  });
}

function GainsIn({ table, title }: { table: Table; title: string }) {
  const other = kept.answer.value?.regions ?? null;
  if (gains.value === "bars")
    return <Bars label={title} picture="gains" rows={table.rows} column="welfare" always={[of.value, to.value]} />;
  if (other && kept.question.value)
    return <Compared title={title} other={nameOfPlan(kept.question.value)} pairs={welfareOf(table, other)} />;
  return (
    <Results
      caption={inWords(table.title)}
      rows={table.rows}
      columns={columnsOf(table, "region", "welfare", "real_wage", "consumer_price", "exports", "imports")}
      names={(column, text) => (column === "region" ? nameOf(text) : text)}
    />
  );
}

export function Gains() {
  const table = plan.answer.value?.value.regions;
  const title = words.planning.winners;
  const choice = (
    <Segments
      label={words.page.shownAs}
      hidden
      value={gains.value}
      choose={(value) => {
        gains.value = value;
      }}
      choices={[
        { value: "bars", label: words.page.bars },
        { value: "table", label: words.page.table },
      ]}
    />
  );
  return (
    <Card
      box="gains"
      title={title}
      detail={words.planning.winnersDetail(year.value)}
      beside={choice}
      standing={standing()}
    >
      {table && <GainsIn table={table} title={title} />}
    </Card>
  );
}
