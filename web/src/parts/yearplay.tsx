/* Plays the years of the world through, one after the other, from the first again after the last. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { loadWorld, world, year } from "../state";
import { words } from "../words";

const EACH = 1500; /* milliseconds that a year is shown, once it is there */

export function YearPlay() {
  const plays = useSignal(false);
  const { years } = world.value!;
  useEffect(() => {
    if (!plays.value) return undefined;
    const timer = setTimeout(() => {
      const next = years[years.indexOf(year.value) + 1];
      if (next !== undefined) void loadWorld(next);
      else plays.value = false; /* the last stays in sight */
    }, EACH);
    return () => clearTimeout(timer);
  }, [plays.value, year.value]);
  if (years.length < 2) return null;
  const turn = () => {
    plays.value = !plays.value;
    if (plays.value && year.value === years.at(-1)) void loadWorld(years[0]!);
  };
  return (
    <button type="button" class="plain play-years" aria-pressed={plays.value} onClick={turn}>
      {plays.value ? words.ties.pause(year.value) : words.ties.playYears}
    </button>
  );
}
