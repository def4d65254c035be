/* How the scenario is solved: horizon, elasticities, closure, model, and groups of one's own. */
import type { ComponentChildren } from "preact";
import { atMost, decimals, share } from "../format";
import { Combo } from "../parts/combo";
import { Segments, Select, Slider } from "../parts/controls";
import { Groups } from "../parts/groups";
import { scenario, type Scenario } from "../scenario";
import { moved } from "../solution";
import { world } from "../state";
import { words } from "../words";

/* A setting that is not given is not in the scenario: the command line has its defaults too. */
function setSetting(key: Exclude<keyof Scenario, "changes">, value: string | number): void {
  const { [key]: _, ...rest } = scenario.value!;
  scenario.value = (value === "" ? rest : { ...rest, [key]: value }) as Scenario;
}

const HORIZONS = [{ value: "", label: words.levers.standard, title: words.levers.standardTitle }];
const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1);

const Choice = ({
  label,
  key_,
  none,
  values,
}: {
  label: string;
  key_: "model" | "closure" | "revenue";
  none: string;
  values: string[];
}) => (
  <Select label={label} value={scenario.value![key_] ?? ""} choose={(value) => setSetting(key_, value)}>
    <option value="">{none}</option>
    {values.map((value) => (
      <option key={value} value={value}>
        {words.choices[value] ?? value}
      </option>
    ))}
  </Select>
);

function Elasticity() {
  const given = scenario.value!.elasticity;
  const isNumber = typeof given === "number";
  const choose = (value: string) => setSetting("elasticity", value === "number" ? 5 : value);
  return (
    <>
      <Select label={words.levers.elasticity} value={isNumber ? "number" : (given ?? "")} choose={choose}>
        <option value="">{scenario.value!.horizon ? words.levers.byHorizon : words.levers.own}</option>
        <option value="number">{words.levers.number}</option>
        {world.value!.elasticity_sets.map((set) => (
          <option key={set} value={set}>
            {set}
          </option>
        ))}
      </Select>
      {isNumber && (
        <Slider
          label={words.levers.inEvery}
          value={given}
          min={1}
          max={15}
          step={0.1}
          shown={decimals(given, 1)}
          change={(value, at) => {
            moved(at);
            setSetting("elasticity", value);
          }}
        />
      )}
    </>
  );
}

/* Labour that reacts to its real wage, where tariff revenue goes, and, in models of one nest, what sellers need to
   reach a market. */
function Behaviour() {
  const { "labour-supply": supply, overhead, model } = scenario.value!;
  const slide = (key: "labour-supply" | "overhead") => (value: number, at: number) => {
    moved(at);
    setSetting(key, value === 0 ? "" : value);
  };
  return (
    <>
      <Slider
        label={words.levers.supply}
        value={Number(supply ?? 0)}
        min={0}
        max={3}
        step={0.1}
        shown={supply ? atMost(Number(supply), 4) : words.levers.fixed}
        typed={{ least: 0, most: 10 }}
        change={slide("labour-supply")}
      />
      <Choice
        label={words.trouble.settings["revenue"]!}
        key_="revenue"
        none={words.levers.rebate}
        values={world.value!.revenue_uses.filter((use) => use !== "rebate")}
      />
      {(model === "armington" || overhead !== undefined) && (
        <Slider
          label={words.levers.overhead}
          value={Number(overhead ?? 0)}
          min={0}
          max={0.9}
          step={0.01}
          shown={share(Number(overhead ?? 0))}
          change={slide("overhead")}
        />
      )}
    </>
  );
}

const Group = ({ title, children }: { title: string; children: ComponentChildren }) => (
  <div class="settings" role="group" aria-label={title}>
    <h2>{title}</h2>
    {children}
  </div>
);

export function Settings() {
  return (
    <>
      <Group title={words.levers.settings}>
        <Segments
          label={words.levers.horizon}
          value={scenario.value!.horizon ?? ""}
          choose={(value) => setSetting("horizon", value)}
          choices={[...HORIZONS, ...world.value!.horizons.map((value) => ({ value, label: capital(value) }))]}
        />
        <Elasticity />
        <div class="row">
          <Choice
            label={words.levers.imbalances}
            key_="closure"
            none={words.levers.fixed}
            values={world.value!.closures.filter((c) => c !== "fixed")}
          />
          <Choice label={words.levers.model} key_="model" none={words.levers.byHorizon} values={world.value!.models} />
        </div>
        <Behaviour />
        <Combo
          label={words.levers.rigid}
          multiple
          chosen={scenario.value!["rigid-wages"]?.split(",") ?? []}
          choose={(codes) => setSetting("rigid-wages", codes.join(","))}
        />
      </Group>
      <Groups />
    </>
  );
}
