/* Play: trade-policy games. What is played is chosen here and in players.tsx; outcome.tsx has the outcome, and
   responses.tsx the best responses. */
import { useEffect } from "preact/hooks";
import { noLines, type About } from "../about";
import {
  game,
  hasPlayers,
  isOfPlayers,
  kept,
  kind,
  play,
  question,
  responses,
  run,
  yamlOfGame,
  type Kind,
} from "../game";
import { Select } from "../parts/controls";
import { Horizon } from "../parts/horizon";
import { JobStatus } from "../parts/job";
import { rowsDownload, textDownload, type Download } from "../parts/menu";
import { isSmall, world } from "../state";
import { inWords } from "../trouble";
import { words } from "../words";
import { FEW, Outcome, Picture, Rates } from "./outcome";
import { Players, Sides } from "./players";
import { BestResponses } from "./responses";

function Game() {
  return (
    <section class="card game" aria-label={words.playing.game}>
      <div class="row">
        <Select
          label={words.playing.kind}
          value={kind.value}
          choose={(value) => {
            kind.value = value as Kind;
          }}
        >
          {Object.entries(words.playing.kinds).map(([value, [label]]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </Select>
        <Horizon />
      </div>
      <p class="soft">{words.playing.kinds[kind.value][1]}</p>
      {hasPlayers(kind.value) ? <Players /> : <Sides />}
      <button
        type="button"
        class={play.answers(question.value) ? "go done" : "go"}
        disabled={play.busy.value}
        onClick={run}
      >
        {words.playing.go}
      </button>
      <JobStatus job={play} />
    </section>
  );
}

export function Play() {
  useEffect(() => {
    if (!isSmall.value) return;
    if (!play.answer.value && !play.busy.value) void run();
    kept.solve();
  }, []);
  const isTrial = play.answer.value && !isOfPlayers(play.answer.value.question.game);
  const few = (play.answer.value?.value.settings?.rows.length ?? 0) <= FEW;
  return (
    <div class={isTrial ? "panel play trials" : "panel play"}>
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
    textDownload(words.playing.gameFile, "game.yaml", () => yamlOfGame(game.value)),
    ...(found ? [rowsDownload(words.playing.outcomeFile, "outcome.csv", found.outcome.rows)] : []),
    ...(found?.settings ? [rowsDownload(words.playing.ratesFile, "settings.csv", found.settings.rows)] : []),
    ...(found?.regions ? [rowsDownload(words.playing.gainsFile, "game-regions.csv", found.regions.rows)] : []),
    ...(responses.answer.value
      ? [rowsDownload(words.playing.responsesFile, "best-responses.csv", [...responses.answer.value.value.rows])]
      : []),
  ];
}

export function playAbout(): About {
  const found = play.answer.value?.value.outcome;
  if (!found) return noLines;
  const command = `derisk play ${world.value!.title} game.yaml`;
  return { question: [inWords(found.title)], answer: found.answer.map(inWords), command };
}
