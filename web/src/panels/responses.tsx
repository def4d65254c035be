/* The best response of each player to the policies of the others, and, of two with one rate each, their curves. */
import * as Plot from "@observablehq/plot";
import type { Row } from "../api";
import { columnsOf } from "../columns";
import { isOfPlayers, play, responses } from "../game";
import { Card } from "../parts/card";
import { Chart } from "../parts/chart";
import { JobStatus } from "../parts/job";
import { Results } from "../parts/table";
import { nameOf } from "../state";
import { words } from "../words";
import { instrumentOf, nameIn } from "./outcome";

interface Point {
  x: number;
  y: number;
}

const largest = (...lines: number[][]): number => Math.max(...lines.flat());

/* The name of a curve, at its end. */
const named = (points: Point[], name: string, place: Plot.TextOptions): Plot.Markish =>
  Plot.text([{ ...points.at(-1)!, said: words.playing.responseOf(name) }], {
    x: "x",
    y: "y",
    text: (point: { said: string }) => point.said,
    fill: "var(--ink)",
    ...place,
  });

function reactionOptions(curves: Row[], rows: Row[]): (width: number, height: number) => Plot.PlotOptions {
  const [a, b] = [String(rows[0]!["player"]), String(rows[1]!["player"])];
  const line = (mover: string) => curves.filter((row) => row["mover"] === mover);
  const answers = line(a).map((row) => ({ x: Number(row["at"]), y: Number(row["rate"]) }));
  const back = line(b).map((row) => ({ x: Number(row["rate"]), y: Number(row["at"]) }));
  const end = [{ x: Number(rows[0]!["rate"]), y: Number(rows[1]!["rate"]) }];
  const all = [answers, back];
  return () => ({
    style: { background: "none", color: "var(--soft)", fontSize: "11px" },
    marginLeft: 46,
    marginBottom: 34,
    marginTop: 22,
    marginRight: 20,
    x: {
      label: words.playing.rateOf(nameOf(a)),
      labelAnchor: "center",
      labelArrow: "none",
      domain: [0, largest(...all.map((points) => points.map(({ x }) => x)))],
      nice: true,
    },
    y: {
      label: words.playing.rateOf(nameOf(b)),
      labelAnchor: "top",
      labelArrow: "none",
      grid: true,
      domain: [0, largest(...all.map((points) => points.map(({ y }) => y)))],
      nice: true,
    },
    marks: [
      Plot.line(answers, { x: "x", y: "y", stroke: "var(--economy-1)", strokeWidth: 2 }),
      Plot.line(back, { x: "x", y: "y", stroke: "var(--economy-2)", strokeWidth: 2 }),
      named(answers, nameOf(b), { textAnchor: "end", dy: -9 }),
      named(back, nameOf(a), { textAnchor: "start", dx: 8, dy: 8 }),
      Plot.dot(end, { x: "x", y: "y", r: 6, fill: "var(--own)", stroke: "var(--ink)" }),
    ],
  });
}

export function BestResponses() {
  const answer = play.answer.value;
  if (!answer?.value.settings || !isOfPlayers(answer.question.game)) return null;
  const asked = { game: answer.question.game, settings: answer.value.settings.rows };
  const found = responses.answers(asked) ? responses.answer.value!.value : null;
  const settings = answer.value.settings;
  const { rate } = settings.columns;
  const [heading, description] = words.playing.alone;
  const alone = { ...rate!, heading, description };
  const button = !found && (
    <button type="button" class="go" disabled={responses.busy.value} onClick={() => responses.start(asked)}>
      {words.playing.respond}
    </button>
  );
  return (
    <Card box="responses" title={words.playing.responses} detail={words.playing.responsesDetail} beside={button}>
      <JobStatus job={responses} />
      {found && found.curves.length > 0 && (
        <Chart
          label={words.playing.curves}
          picture="best-responses"
          options={reactionOptions(found.curves, found.rows)}
        />
      )}
      {found && (
        <Results
          caption={words.playing.responses}
          rows={found.rows.map((row, i) => ({ ...row, key: i, instrument: instrumentOf(row) }))}
          key_="key"
          columns={{ ...columnsOf(settings, "player", "instrument", "sector"), alone, rate: rate! }}
          names={nameIn}
        />
      )}
    </Card>
  );
}
