/* Levers: the scenario and its results: a map of changes, a ranking of gains and losses, and the sectors of one
   economy. */
import { computed, useComputed, useSignalEffect } from "@preact/signals";
import { noLines, questionOf, type About } from "../about";
import { isSum, singles, type Row, type Table } from "../api";
import { bandOf, isCheap, isUnsure } from "../bands";
import { columnsOf } from "../columns";
import { csv, moneyInWords, percent, percentLike } from "../format";
import { inHash } from "../hash";
import { beside, drawFew, few, useHeadlineBands } from "../headline";
import { Card, classOf, type Standing } from "../parts/card";
import { Select } from "../parts/controls";
import { Info } from "../parts/info";
import { JobStatus } from "../parts/job";
import { rowsDownload, type Download } from "../parts/menu";
import { Caption, ErrorLine, Progress } from "../parts/status";
import { Results } from "../parts/table";
import { WorldMap, type Colouring } from "../parts/worldmap";
import { titleOf } from "../phrases";
import { bodyOf, scenario } from "../scenario";
import { text } from "../schema";
import { other, otherAnswer, otherJob, solveOther } from "../shelf";
import { allSectors, cancel, isOld, progress, slow, solution, trouble, useSolution } from "../solution";
import { changeName, checkChange, checkNames, isEconomy, nameOf, of, sectorName, world, year } from "../state";
import { words } from "../words";
import { Changes } from "./changes";

const wanted = inHash("levers.what", "welfare", text); /* which change is shown */
const chosen = inHash("levers.region", "", text); /* whose sectors are shown */

checkChange("levers.what", wanted);
checkNames("levers", () => ({ economies: chosen.value ? [chosen.value] : [] }));

/* The one that is wanted, where the answer has it: employment is there only while wages are rigid. */
const what = computed(() =>
  wanted.value in (solution.value?.regions.rows[0] ?? { [wanted.value]: 0 }) ? wanted.value : "welfare",
);

const heading = (): string => changeName(what.value);

/* The answer to an earlier scenario stays, faded, where the current one has none. */
const earlier = (): string | undefined => (isOld.value ? words.levers.earlier : undefined);
const standing = (): Standing => ({
  has: solution.value !== null,
  waiting: slow.value,
  old: earlier(),
  empty: scenario.value!.changes.length === 0 ? words.shelf.nothing : "",
});

const changeIn = (row: Row): number => Number(row[what.value]);

const isRegion = (code: string): boolean => world.value!.regions.some((region) => region.code === code);

function colouring(table: Table | undefined): Colouring {
  const values = new Map<string, number>();
  for (const row of table ? singles(table) : []) values.set(String(row["region"]), changeIn(row));
  return { values, text: percent, both: true };
}

/* The economies that act in the scenario and their targets, which are listed first. */
function actors(): string[] {
  const named = scenario.value!.changes.flatMap((change) => {
    const body = bodyOf(change);
    return ["by", "on", "between", "and", "to", "region"].flatMap((key) => body[key] ?? []);
  });
  return [...new Set(named.map(String))].filter((code) => code !== "all").slice(0, 3);
}

/* Whose sectors are shown: who was chosen, else the first single economy among the actors, as a group has no sectors
   of its own. */
const looked = (): string => (isEconomy(chosen.value) ? chosen.value : "") || actors().find(isRegion) || of.value;

/* A group's first member, as it has no sectors of its own. */
const regionOf = (code: string): string =>
  isRegion(code) ? code : (world.value!.groups.find((g) => g.code === code)?.members[0] ?? code);

/* Losses and gains in their colours; what rounds to nothing has none. */
const signOf = (value: number): string => (Math.abs(value) < 0.005 ? "" : value < 0 ? "negative" : "positive");

/* One economy of the headline: its change, in money where it is of real income, and the band beside it. */
function Figure({ row }: { row: Row }) {
  const code = String(row["region"]);
  const value = changeIn(row);
  const unit = world.value!.unit;
  const band = isOld.value ? null : bandOf(code, what.value, beside.value);
  const unsure = band !== null && isUnsure(band);
  const text = percentLike([value]);
  const ends = percentLike([band?.low ?? 0, band?.high ?? 0]);
  return (
    <span>
      {nameOf(code)} <b class={unsure ? "unsure" : value < 0 ? "negative" : "positive"}>{text(value)}</b>
      {what.value === "welfare" && (
        <small> {words.levers.money(moneyInWords(Number(row["equivalent_variation"]), unit))}</small>
      )}
      {band && <small class="band">{words.band.between(ends(band.low), ends(band.high))}</small>}
      {unsure && <small class="warning">{words.band.unsure}</small>}
      <Other code={code} value={value} />
    </span>
  );
}

/* The change of an economy under B, the scenario beside. */
function otherOf(code: string): number | null {
  const row = otherAnswer.value?.regions.rows.find(({ region }) => region === code);
  return row && typeof row[what.value] === "number" ? changeIn(row) : null;
}

/* B in the headline: its change, and the difference of A from it. */
function Other({ code, value }: { code: string; value: number }) {
  const there = otherOf(code);
  if (there === null || !other.value) return null;
  const text = percentLike([there, value - there]);
  return (
    <small class="band">
      {words.shelf.other(titleOf(other.value))}: {text(there)}; {words.shelf.difference(text(value - there))}
    </small>
  );
}

/* Bands are made by themselves where that is cheap; else this makes them. */
function BandsWanted({ table }: { table: Table | undefined }) {
  if (few.busy.value) return <JobStatus job={few} />;
  if (!table || beside.value || isOld.value || isCheap(table)) return <JobStatus job={few} />;
  return (
    <button type="button" class="plain" onClick={drawFew}>
      {words.band.draw}
    </button>
  );
}

function Headline({ table }: { table: Table | undefined }) {
  const rows = actors().flatMap((code) => table?.rows.filter((row) => row["region"] === code) ?? []);
  if (scenario.value!.changes.length === 0) return <p class="headline">{words.levers.empty}</p>;
  return (
    <div class="headline answer" role="status">
      {rows.map((row) => (
        <Figure key={String(row["region"])} row={row} />
      ))}
      <BandsWanted table={table} />
    </div>
  );
}

function OtherCells({ code, value }: { code: string; value: number }) {
  if (!other.value) return null;
  const there = otherOf(code);
  return (
    <>
      <span>{there === null ? "" : percent(there)}</span>
      <span>{there === null ? "" : percent(value - there)}</span>
    </>
  );
}

/* What the columns of the ranking are where two scenarios are in it. */
const Columns = () =>
  other.value && (
    <p class="columns" aria-hidden="true">
      <span>{words.levers.a}</span>
      <span>{words.levers.b}</span>
      <span>{words.levers.aLessB}</span>
    </p>
  );

/* Winners first. The bars are on one scale, so that who bears it is seen at once. */
function Ranking({ table }: { table: Table }) {
  const rows = [...table.rows].sort((a, b) => changeIn(b) - changeIn(a));
  const largest = Math.max(...rows.map((row) => Math.abs(changeIn(row))), 1e-9);
  return (
    <ol class={other.value ? "ranking grow two" : "ranking grow"} aria-label={words.levers.winnersFirst(heading())}>
      {rows.map((row) => {
        const code = String(row["region"]);
        const value = changeIn(row);
        return (
          <li key={code}>
            <button
              type="button"
              aria-pressed={code === looked()}
              onClick={() => {
                chosen.value = code;
              }}
              class={isSum(table, row) ? "group" : ""}
            >
              <span>{nameOf(code)}</span>
              <svg viewBox="-1 0 2 1" preserveAspectRatio="none" aria-hidden="true">
                <rect
                  x={Math.min(0, value / largest)}
                  y="0.12"
                  width={Math.abs(value / largest)}
                  height="0.76"
                  fill={value < 0 ? "var(--loss)" : "var(--gain)"}
                />
              </svg>
              <span class={signOf(value)}>{percent(value)}</span>
              <OtherCells code={code} value={value} />
            </button>
          </li>
        );
      })}
    </ol>
  );
}

const Member = ({ region, members }: { region: string; members: string[] }) => (
  <Select
    label={words.levers.member}
    hidden
    value={region}
    choose={(code) => {
      chosen.value = code;
    }}
  >
    {members.map((code) => (
      <option key={code} value={code}>
        {nameOf(code)}
      </option>
    ))}
  </Select>
);

function Sectors() {
  const table = solution.value?.sectors;
  const region = regionOf(looked());
  const rows = table?.rows.filter((row) => row["region"] === region) ?? [];
  const members = world.value!.groups.find((g) => g.code === looked())?.members ?? [];
  return (
    <Card
      box="sectors"
      title={words.levers.sectorsOf(nameOf(region))}
      detail={words.levers.sectorsDetail(year.value)}
      beside={members.length > 0 && <Member region={region} members={members} />}
      standing={standing()}
    >
      <Results
        caption={words.levers.sectorsCaption(nameOf(region), year.value)}
        rows={rows}
        columns={table ? columnsOf(table, "sector", "output", "price", "value_added", "employment") : {}}
        names={(column, text) => (column === "sector" ? sectorName(text) : text)}
      />
    </Card>
  );
}

/* The parts below listen each for itself, so that a moving slider draws anew what it changes and no more. */

function Where() {
  const colours = useComputed(() => colouring(solution.value?.regions));
  const columns = useComputed(() =>
    Object.keys(world.value!.changes)
      .filter((column) => column in (solution.value?.regions.rows[0] ?? {}))
      .join(),
  );
  const label = words.levers.inPercent(heading(), year.value);
  return (
    <section class={classOf("where", standing())} aria-busy={slow.value}>
      <ErrorLine message={trouble.value} />
      <div class="row between">
        <Headline table={solution.value?.regions} />
        <Select
          label={words.page.shown}
          hidden
          value={what.value}
          choose={(column) => {
            wanted.value = column;
          }}
        >
          {(columns.value || what.value).split(",").map((column) => (
            <option key={column} value={column}>
              {changeName(column)}
            </option>
          ))}
        </Select>
      </div>
      <div class="named">
        <Caption title={label} detail={earlier()} />
        <Info about={what.value} />
      </div>
      {slow.value && <Progress progress={progress.value} cancel={cancel} />}
      <WorldMap
        label={label}
        picture="answer"
        colouring={colours.value}
        chosen={looked()}
        choose={(code) => {
          chosen.value = code;
        }}
      />
    </section>
  );
}

function Winners() {
  return (
    <Card
      box="winners"
      title={words.levers.winners}
      detail={words.levers.inPercent(heading().toLowerCase(), year.value)}
      standing={standing()}
    >
      <JobStatus job={otherJob} />
      {other.value && <p class="soft">{words.shelf.other(`${words.levers.b}, ${titleOf(other.value)}`)}</p>}
      <Columns />
      {solution.value && <Ranking table={solution.value.regions} />}
    </Card>
  );
}

export function Levers() {
  useSolution(() => regionOf(looked()));
  useHeadlineBands();
  useSignalEffect(solveOther);
  return (
    <div class="panel levers">
      <Changes />
      <Where />
      <Sectors />
      <Winners />
    </div>
  );
}

export const leversDownloads = (): Download[] =>
  solution.value === null || isOld.value
    ? []
    : [
        rowsDownload(words.levers.economies, "regions.csv", solution.value.regions.rows),
        {
          label: words.page.csv(words.levers.sectors),
          file: "sectors.csv",
          content: async () => new Blob([csv(await allSectors())], { type: "text/csv" }),
        },
        ...(otherAnswer.value
          ? [rowsDownload(words.levers.besideEconomies, "beside-regions.csv", otherAnswer.value.regions.rows)]
          : []),
      ];

/* The headline as text: each economy with its change, money and band. */
function figureText(row: Row): string {
  const code = String(row["region"]);
  const band = bandOf(code, what.value, beside.value);
  const text = percentLike([changeIn(row), band?.low ?? 0, band?.high ?? 0]);
  const inMoney = moneyInWords(Number(row["equivalent_variation"]), world.value!.unit);
  return [
    words.levers.figure(nameOf(code), heading().toLowerCase(), text(changeIn(row))),
    ...(what.value === "welfare" ? [words.levers.money(inMoney)] : []),
    ...(band ? [words.band.between(text(band.low), text(band.high))] : []),
    ...(band && isUnsure(band) ? [words.band.unsure] : []),
  ].join("; ");
}

export function leversAbout(): About {
  const table = solution.value?.regions;
  if (!table || isOld.value) return noLines;
  return {
    question: questionOf(scenario.value!),
    answer: actors().flatMap((code) => table.rows.filter((row) => row["region"] === code).map(figureText)),
    command: `derisk simulate ${world.value!.title} scenario.yaml`,
  };
}
