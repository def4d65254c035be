/* Plan: least-cost diversification away from a supplier. Caps by sector, rates and shadow prices, and the cost of other
   caps. The plan itself is in planned.tsx, the cost of other caps in costs.tsx. */
import { useEffect } from "preact/hooks";
import { noLines, type About } from "../about";
import { share } from "../format";
import { Economy } from "../parts/combo";
import { Segments, Slider } from "../parts/controls";
import { Horizon } from "../parts/horizon";
import { JobStatus } from "../parts/job";
import { rowsDownload, textDownload, type Download } from "../parts/menu";
import { SectorsCombo } from "../parts/sectors";
import {
  aim,
  budget,
  cap,
  capsRows,
  changesOf,
  commandOf,
  curve,
  curveQuestion,
  frontier,
  kept,
  levers,
  makePlan,
  maxLoss,
  ownCaps,
  plan,
  question,
  risk,
  sectors,
  shareOf,
  stock,
} from "../planning";
import { yamlOf } from "../scenario";
import { isSmall, nameOf, of, to } from "../state";
import { inWords } from "../trouble";
import { words } from "../words";
import { TheFrontier } from "./costs";
import { Gains, ThePlan } from "./planned";

const LEVERS = ["tariff", "others", "home"];

function Means() {
  const turn = (lever: string) => {
    const now = LEVERS.filter((key) => (key === lever ? !levers.value.includes(key) : levers.value.includes(key)));
    if (now.length > 0) levers.value = now;
  };
  return (
    <fieldset class="checks">
      <legend class="label">{words.planning.instruments}</legend>
      {LEVERS.map((key) => {
        const [label, title] = words.planning.levers[key]!;
        return (
          <label class="check" key={key} title={title}>
            <input type="checkbox" checked={levers.value.includes(key)} onChange={() => turn(key)} /> {label}
          </label>
        );
      })}
    </fieldset>
  );
}

function CapSlider() {
  const own = Object.keys(ownCaps.value).length;
  const isFine = shareOf.value === "look-through"; /* these shares are small */
  return (
    <Slider
      label={own > 0 ? words.planning.capRest : words.planning.capOn(nameOf(to.value))}
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
    label={words.planning.stock}
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
          label={words.planning.budget}
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
            label={words.planning.maxLoss(nameOf(to.value))}
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
            label={words.planning.risk(nameOf(to.value))}
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

const Base = () => (
  <Segments
    label={words.planning.base}
    value={shareOf.value}
    choose={(value) => {
      shareOf.value = value;
    }}
    choices={[
      { value: "imports", label: words.planning.imports },
      { value: "use", label: words.planning.use, title: words.planning.useTitle },
      { value: "look-through", label: words.planning.through, title: words.planning.throughTitle },
    ]}
  />
);

const Who = () => (
  <>
    <Economy
      label={words.planning.of}
      value={of.value}
      choose={(code) => {
        of.value = code;
      }}
    />
    <Economy
      label={words.planning.from}
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
  </>
);

function Controls() {
  return (
    <div class="card controls">
      <div class="row">
        <Who />
        <Base />
        <Means />
        <Horizon />
      </div>
      <div class="row goal">
        <Segments
          label={words.planning.goal}
          value={aim.value}
          choose={(value) => {
            aim.value = value;
          }}
          choices={Object.entries(words.planning.goals).map(([value, [label, title]]) => ({ value, label, title }))}
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
          {words.planning.go}
        </button>
      </div>
      <JobStatus job={plan} />
    </div>
  );
}

export function Plan() {
  useEffect(() => {
    if (!isSmall.value) return;
    if (!plan.answer.value && !plan.busy.value) void makePlan();
    if (frontier.value && !curve.answer.value && !curve.busy.value) void curve.start(curveQuestion.value);
    kept.solve();
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
          rowsDownload(words.planning.bySector, "plan.csv", found.value.sectors.rows),
          rowsDownload(words.planning.winnersFile, "plan-regions.csv", found.value.regions.rows),
          textDownload(words.planning.file, "plan.yaml", () =>
            yamlOf({
              title: found.value.sectors.title,
              ...found.question.settings,
              changes: changesOf(found.question, found.value.sectors.rows),
            }),
          ),
        ]
      : []),
    ...(found?.question.caps ? [rowsDownload(words.planning.capsFile, "caps.csv", capsRows(found.question))] : []),
    ...(drawn ? [rowsDownload(words.planning.frontierFile, "frontier.csv", drawn.value.curve.rows)] : []),
  ];
}

export function planAbout(): About {
  const found = plan.answer.value;
  if (!found) return noLines;
  const { title, answer } = found.value.sectors;
  return { question: [inWords(title)], answer: answer.map(inWords), command: commandOf(found.question) };
}
