/* Start: questions that many have asked, each answered in sentences: what was asked, what happens, why, and how sure it
   is. Each opens in the panel where it can be changed. */
import { batch, effect, signal, untracked, useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { noLines, type About } from "../about";
import { messageOf } from "../answers";
import type { Row, Table } from "../api";
import { bandOf, HEADLINE_DRAWS, isCheap, isUnsure, type Band } from "../bands";
import { columnsOf } from "../columns";
import { figuresIn, moneyInWords, percentLike } from "../format";
import { inHash } from "../hash";
import { JobStatus } from "../parts/job";
import { rowsDownload, type Download } from "../parts/menu";
import { ErrorLine } from "../parts/status";
import { Results } from "../parts/table";
import { cap, levers, sectors, shareOf, aim, caps } from "../planning";
import { text } from "../schema";
import { takeUp } from "../shelf";
import { nameOf, of, panel, to, world, year } from "../state";
import { answersOf, askedOf, capStory, drawsOf, stories, type Story, type Told } from "../stories";
import { inWords } from "../trouble";
import { words } from "../words";

const chosen = inHash<string>("start.story", "", text);
const planned = signal<Story | null>(null); /* the story that depends on what the table says */

const all = (): Story[] => [...stories.value, ...(planned.value ? [planned.value] : [])];
const shown = (): Story | undefined => all().find(({ id }) => id === chosen.value) ?? all()[0];

/* The answer to the story as it is now, of the year that is shown. */
function toldOf(story: Story): Told | null {
  const { told } = answersOf(story);
  return told.answers(askedOf(story)) ? told.answer.value!.value : null;
}

function bandTable(story: Story): Table | null {
  const [{ band }, question] = [answersOf(story), drawsOf(story)];
  return question && band.answers(question) ? band.answer.value!.value.draws : null;
}

/* ---- Asking ---- */

async function tell(story: Story): Promise<void> {
  const { told } = answersOf(story);
  if (!told.busy.peek() && !told.answers(askedOf(story))) await told.start(askedOf(story));
}

const draw = (story: Story): void => {
  const question = drawsOf(story);
  if (question) void answersOf(story).band.start(question);
};

/* The scenarios one after the other, the chosen one first; what takes long is begun when it is chosen. */
async function tellAll(): Promise<void> {
  const first = shown();
  if (first) await tell(first);
  for (const story of stories.peek()) await tell(story);
}

/* ---- Figures ---- */

interface Figure {
  code: string;
  money: string;
  percent: string;
  sign: string;
  band: Band | null;
}

const signOf = (value: number): string => (value < 0 ? "negative" : value > 0 ? "positive" : "");

function figuresOf(story: Story, told: Told): Figure[] {
  const row = (code: string): Row | undefined => told.regions.rows.find(({ region }) => region === code);
  return story.who.flatMap((code) => {
    const found = row(code);
    if (!found) return [];
    const [value, welfare] = [Number(found["equivalent_variation"]), Number(found["welfare"])];
    return {
      code,
      money: moneyInWords(value, world.value!.unit),
      percent: percentLike([welfare])(welfare),
      sign: signOf(value),
      band: bandOf(code, "equivalent_variation", bandTable(story)),
    };
  });
}

function FigureOf({ figure: { code, money, percent, sign, band } }: { figure: Figure }) {
  const unsure = band !== null && isUnsure(band);
  const inMoney = (value: number) => moneyInWords(value, world.value!.unit);
  return (
    <div>
      <dt>{nameOf(code)}</dt>
      <dd>
        <span class={unsure ? "unsure" : sign}>{money}</span> {words.start.income}
        <small>
          {percent}
          {band && `; ${words.band.between(inMoney(band.low), inMoney(band.high))}`}
        </small>
        {unsure && <small class="warning">{words.band.unsure}</small>}
      </dd>
    </div>
  );
}

/* ---- The story ---- */

const says = (told: Told, about: string): string[] =>
  told.summary.rows
    .filter((row) => row["about"] === about)
    .map((row) => inWords(String(row["says"])).replace(/ \((?:--[a-z-]+|horizon [a-z]+|derisk [a-z]+)\)/g, ""));

const Sentences = ({ title, lines }: { title: string; lines: string[] }) =>
  lines.length > 0 ? (
    <section>
      <h3>{title}</h3>
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </section>
  ) : null;

/* Rows of the overview with the most money behind them, of trade and of output. */
function Largest({ told }: { told: Told }) {
  const rows = (told.overview?.rows ?? []).filter((row) => row["about"] !== words.server.income);
  const caption = `${words.start.changes}, ${world.value!.unit}, ${year.value}`;
  return rows.length > 0 ? (
    <figure>
      <figcaption>{caption}</figcaption>
      <Results
        caption={caption}
        rows={rows}
        columns={columnsOf(told.overview!, "name", "about", "base", "new", "change", "percent")}
        names={(_, name) => name}
      />
    </figure>
  ) : null;
}

function HowSure({ story, told }: { story: Story; told: Told }) {
  const { band } = answersOf(story);
  const question = drawsOf(story);
  const isDrawn = question !== null && band.answers(question);
  const lines = says(told, words.server.sure).filter((line) => !line.startsWith(words.server.holds));
  return (
    <section>
      <h3>{words.start.sure}</h3>
      {isDrawn && <p>{words.band.about(HEADLINE_DRAWS)}</p>}
      {question && !isDrawn && !band.busy.value && (
        <button type="button" class="plain" onClick={() => draw(story)}>
          {words.band.draw}
        </button>
      )}
      <JobStatus job={band} />
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </section>
  );
}

/* Details on demand: the accuracy of the solution, and its settings. */
function Record_({ told }: { told: Told }) {
  const settings = Object.entries(told.summary.settings ?? {}).map(([key, value]) => `${key} ${String(value)}`);
  return (
    <details class="notes">
      <summary>{words.start.record}</summary>
      <div>
        {says(told, words.server.sure)
          .filter((line) => line.startsWith(words.server.holds))
          .map((line) => (
            <p key={line}>{line}</p>
          ))}
        <p>{settings.join(", ")}</p>
        <p>{told.summary.source}</p>
      </div>
    </details>
  );
}

function openStory({ title, scenario: document, plan, who }: Story): void {
  batch(() => {
    of.value = plan?.of ?? who[0]!;
    to.value = plan?.from ?? who.find((code) => code !== of.value)!;
    if (document) takeUp({ title, ...document });
    if (plan) {
      [aim.value, cap.value, caps.value, sectors.value] = ["cap", plan.cap!, {}, []];
      [levers.value, shareOf.value] = [plan.levers, plan.share];
    }
    panel.value = plan ? "plan" : "levers";
  });
}

function TheStory({ story }: { story: Story }) {
  const { told: solving } = answersOf(story);
  const told = toldOf(story);
  return (
    <article class="card story" aria-live="polite" aria-busy={solving.busy.value} tabIndex={0} aria-label={story.title}>
      <h2>{story.title}</h2>
      <p class="asked-for">{figuresIn(story.asked)}</p>
      <JobStatus job={solving} />
      {told && (
        <>
          <dl class="facts">
            {figuresOf(story, told).map((figure) => (
              <FigureOf key={figure.code} figure={figure} />
            ))}
          </dl>
          <p>
            <button type="button" class="go" onClick={() => openStory(story)}>
              {story.plan ? words.start.openPlan : words.start.open}
            </button>
          </p>
          <Sentences title={words.start.happens} lines={[...says(told, "answer"), ...says(told, "trade")]} />
          <Sentences title={words.start.why} lines={says(told, words.server.drives)} />
          <Largest told={told} />
          <HowSure story={story} told={told} />
          <Sentences title={words.start.omitted} lines={says(told, words.server.omitted)} />
          <Record_ told={told} />
        </>
      )}
    </article>
  );
}

/* ---- The list ---- */

/* The largest of the figures, as what the story is about. */
function headlineOf(story: Story): string {
  const told = toldOf(story);
  if (!told) return story.plan && !answersOf(story).told.busy.value ? words.start.chosen : words.start.working;
  const [first] = figuresOf(story, told);
  return first ? `${nameOf(first.code)} ${first.money} ${words.start.year}` : "";
}

function List() {
  const now = shown();
  return (
    <nav class="card stories" aria-label={words.start.list}>
      <p class="soft">{all().length > 0 ? words.start.intro : words.start.none}</p>
      <ul>
        {all().map((story) => (
          <li key={story.id}>
            <button
              type="button"
              aria-current={story.id === now?.id ? "true" : undefined}
              onClick={() => {
                chosen.value = story.id;
              }}
            >
              <b>{story.title}</b>
              <small>{headlineOf(story)}</small>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/* The chosen story is told, and its band drawn where that is cheap. */
function useStory(): void {
  useEffect(
    () =>
      effect(() => {
        const story = shown();
        if (!story) return;
        void tell(story).then(() => {
          const told = toldOf(story);
          const question = drawsOf(story);
          const { band } = answersOf(story);
          if (told && question && isCheap(told.summary) && !band.busy.peek() && !band.answers(question)) draw(story);
        });
      }),
    [],
  );
}

export function Start() {
  const error = useSignal("");
  useStory();
  useEffect(
    () =>
      effect(() => {
        const asked = year.value;
        untracked(() => {
          void tellAll();
          capStory().then(
            (found) => {
              if (year.peek() === asked) planned.value = found;
            },
            (failed: unknown) => {
              error.value = messageOf(failed);
            },
          );
        });
      }),
    [],
  );
  const story = shown();
  return (
    <div class="panel start">
      <List />
      <ErrorLine message={error.value} />
      {story && <TheStory key={story.id} story={story} />}
    </div>
  );
}

export function startDownloads(): Download[] {
  const story = shown();
  const told = story && toldOf(story);
  return told
    ? [
        rowsDownload(words.start.sentencesFile(story.title), `${story.id}-sentences.csv`, told.summary.rows),
        rowsDownload(words.start.economiesFile(story.title), `${story.id}-economies.csv`, told.regions.rows),
      ]
    : [];
}

export function startAbout(): About {
  const story = shown();
  const told = story && toldOf(story);
  return told
    ? { question: [story.title], answer: [...says(told, "answer"), ...says(told, "trade")], command: "" }
    : noLines;
}
