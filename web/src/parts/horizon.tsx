/* The horizon of the scenario, which every panel shows; the other model settings are in Levers. */
import { documentOf, scenario } from "../scenario";
import { world, year } from "../state";
import { Select } from "./controls";
import { words } from "../words";

const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1);

export function Horizon() {
  const choose = (horizon: string) => {
    const { horizon: _, ...rest } = scenario.value!;
    scenario.value = horizon ? { ...rest, horizon } : rest;
  };
  return (
    <Select label={words.levers.horizon} value={scenario.value!.horizon ?? ""} choose={choose}>
      <option value="">{words.levers.standard}</option>
      {world.value!.horizons.map((horizon) => (
        <option key={horizon} value={horizon}>
          {capital(horizon)}
        </option>
      ))}
    </Select>
  );
}

/* The settings of the scenario, for what is solved without its changes. */
export function settingsNow(): Record<string, unknown> {
  const { title: _, changes: __, ...settings } = documentOf(scenario.value!, year.value);
  return settings;
}

/* The same as options of the command line. */
export function settingOptions(settings: Record<string, unknown>): string[] {
  return Object.entries(settings).flatMap(([key, value]) => [
    `--${key}`,
    Array.isArray(value) ? value.join(",") : String(value),
  ]);
}
