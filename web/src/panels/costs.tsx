/* The frontier: what other caps cost, each point of it a plan. */
import { useSignal } from "@preact/signals";
import type { Row } from "../api";
import { fine, money, share } from "../format";
import { Card } from "../parts/card";
import { Frontier } from "../parts/frontier";
import { JobStatus } from "../parts/job";
import { aim, cap, caps, curve, curveQuestion, frontier, makePlan } from "../planning";
import { nameOf, of, year } from "../state";
import { inWords } from "../trouble";
import { words } from "../words";

const pointText = (row: Row): string => {
  const [cost, value, own] = [Number(row["cost"]), Number(row["cost_value"]), Number(row["own_loss"])];
  return words.planning.point(nameOf(of.value), own < 0, money(Math.abs(own)), money(value), fine(cost));
};

const nearestTo = (rows: Row[] | undefined, at: number): Row | undefined =>
  rows?.reduce((best, row) => (Math.abs(Number(row["cap"]) - at) < Math.abs(Number(best["cap"]) - at) ? row : best));

export function TheFrontier() {
  const moving = useSignal<number | null>(null);
  const table = curve.answer.value?.value.curve;
  const at = moving.value ?? cap.value;
  const nearest = nearestTo(table?.rows, at);
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
  const isOld = table !== undefined && !curve.answers(curveQuestion.value);
  const button = (!table || isOld) && (
    <button type="button" class="go" disabled={curve.busy.value} onClick={draw}>
      {table ? words.planning.drawAgain : words.planning.draw}
    </button>
  );
  return (
    <Card
      box="frontiers"
      title={words.planning.otherCaps}
      detail={words.planning.otherCapsDetail(nameOf(of.value), year.value)}
      beside={button}
      standing={{ has: true, old: isOld ? words.planning.earlierFrontier : undefined }}
    >
      <JobStatus job={curve} />
      {table && nearest && (
        <>
          <p role="status">
            {words.planning.atCap(
              share(Number(nearest["cap"])),
              pointText(nearest),
              money(Number(nearest["shadow_price"])),
            )}
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
      {!table && !curve.busy.value && <p class="soft">{words.planning.frontier}</p>}
    </Card>
  );
}
