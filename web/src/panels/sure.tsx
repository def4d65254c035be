/* Uncertainty: bands from draws for every change (drawn.tsx), the certificate, settings, sources and notes in full, and
   the limits of the model (ground.tsx). */
import { useEffect } from "preact/hooks";
import { noLines, questionOf, type About } from "../about";
import type { Row } from "../api";
import {
  bands,
  draw,
  drawn,
  drawnOther,
  draws,
  elasticityError,
  otherBands,
  question,
  seed,
  shareError,
} from "../bands";
import { count, percentLike, share } from "../format";
import { Slider } from "../parts/controls";
import { Horizon } from "../parts/horizon";
import { JobStatus } from "../parts/job";
import { rowsDownload, type Download } from "../parts/menu";
import { Caption } from "../parts/status";
import { wordsOf } from "../phrases";
import { scenario } from "../scenario";
import { useSolution } from "../solution";
import { isSmall, nameOf, panel, world } from "../state";
import { words } from "../words";
import { banded, Bands } from "./drawn";
import { command, Ground } from "./ground";

/* ---- What is asked ---- */

function Asked() {
  const changes = scenario.value!.changes;
  const most = 1000;
  return (
    <section class="card asked" aria-label={words.sure.asked}>
      <Caption title={words.sure.scenario} />
      <ul>
        {changes.map((change, i) => (
          <li key={i}>{wordsOf(change)}</li>
        ))}
      </ul>
      {changes.length === 0 && <p class="soft">{words.sure.none}</p>}
      <button
        type="button"
        class="plain"
        onClick={() => {
          panel.value = "levers";
        }}
      >
        {words.sure.change}
      </button>
      <Caption title={words.sure.draws} />
      <Horizon />
      <Slider
        label={words.sure.number}
        value={draws.value}
        min={20}
        max={most}
        step={20}
        shown={count(draws.value)}
        change={(n) => {
          draws.value = n;
        }}
      />
      <Slider
        label={words.sure.elasticities}
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
        label={words.sure.shares}
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
        <span class="label">{words.sure.seed}</span>
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
        onClick={draw}
      >
        {words.sure.draw}
      </button>
      <JobStatus job={drawn} />
      <JobStatus job={drawnOther} />
      <p class="soft">{words.sure.about}</p>
    </section>
  );
}

export function Sure() {
  useSolution(() => world.value!.regions[0]!.code);
  useEffect(() => {
    if (isSmall.value && !bands.value && !drawn.busy.value && scenario.value!.changes.length > 0) void draw();
  }, []);
  return (
    <div class="panel sure">
      <Asked />
      <Bands />
      <Ground />
    </div>
  );
}

export const sureDownloads = (): Download[] => [
  ...(drawn.answer.value ? [rowsDownload(words.sure.file, "bands.csv", drawn.answer.value.value.draws.rows)] : []),
  ...(otherBands.value ? [rowsDownload(words.sure.otherFile, "beside-bands.csv", otherBands.value.rows)] : []),
];

/* The economies that the draws move most, with their bands. */
export function sureAbout(): About {
  if (!bands.value) return noLines;
  const size = (row: Row): number => Math.abs(Number(row["estimate"]));
  const rows = banded(bands.value).sort((a, b) => size(b) - size(a));
  const text = (row: Row): string => {
    const format = percentLike(["estimate", "low", "high"].map((key) => Number(row[key])));
    const between = words.band.between(format(Number(row["low"])), format(Number(row["high"])));
    return words.sure.line(nameOf(String(row["region"])), format(Number(row["estimate"])), between);
  };
  return { question: questionOf(scenario.value!), answer: rows.slice(0, 3).map(text), command: command() };
}
