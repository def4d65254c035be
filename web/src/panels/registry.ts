/* The panels of the page. To add one:

   1. write `panels/NAME.tsx` with a component that takes no properties and fills its box (class "panel NAME", whose
      layout is in style.css);
   2. add a row below; the tab, the key in the address (#panel=NAME) and the place on the page come from it;
   3. keep the choices that a link should hold in signals made with `inHash("NAME.key", default)` at the top of the
      module (hash.ts); state.ts and scenario.ts hold those that panels share: year, of, to, sector, scenario;
   4. ask the server with `useAnswer` (for choices) or `Latest` (for sliders) from answers.ts: both abort questions that
      are out of date;
   5. give `downloads` for the tables and files; pictures need nothing but a `data-picture` name on their <svg>.

   Components to build with are in parts/: Economy and Combo, SectorSelect, Segments, Slider, Results (tables),
   WorldMap, Chart (Observable Plot), Flows, Progress, ErrorLine. Numbers go through format.ts. */
import type { ComponentType } from "preact";
import type { Download } from "../parts/menu";
import { Levers, leversDownloads } from "./levers";
import { Plan, planDownloads } from "./plan";
import { Play, playDownloads } from "./play";
import { Start, startDownloads } from "./start";
import { Sure, sureDownloads } from "./sure";
import { Ties, tiesDownloads } from "./ties";
import { words } from "../words";

export interface Panel {
  id: string;
  title: string;
  Body: ComponentType;
  downloads: () => Download[];
}

export const panels: Panel[] = [
  { id: "start", title: words.start.panel, Body: Start, downloads: startDownloads },
  { id: "ties", title: "Ties", Body: Ties, downloads: tiesDownloads },
  { id: "levers", title: "Levers", Body: Levers, downloads: leversDownloads },
  { id: "plan", title: "Plan", Body: Plan, downloads: planDownloads },
  { id: "play", title: "Play", Body: Play, downloads: playDownloads },
  { id: "sure", title: "Uncertainty", Body: Sure, downloads: sureDownloads },
];
