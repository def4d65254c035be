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
import type { About } from "../about";
import type { Download } from "../parts/menu";
import { Levers, leversAbout, leversDownloads } from "./levers";
import { Plan, planAbout, planDownloads } from "./plan";
import { Play, playAbout, playDownloads } from "./play";
import { Start, startAbout, startDownloads } from "./start";
import { Sure, sureAbout, sureDownloads } from "./sure";
import { Ties, tiesAbout, tiesDownloads } from "./ties";
import { words } from "../words";

export interface Panel {
  id: string;
  title: string;
  Body: ComponentType;
  downloads: () => Download[];
  about: () => About /* what is on the screen, in words, for what leaves the page */;
}

export const panels: Panel[] = [
  { id: "start", title: words.start.panel, Body: Start, downloads: startDownloads, about: startAbout },
  { id: "ties", title: words.page.ties, Body: Ties, downloads: tiesDownloads, about: tiesAbout },
  { id: "levers", title: words.page.levers, Body: Levers, downloads: leversDownloads, about: leversAbout },
  { id: "plan", title: words.page.plan, Body: Plan, downloads: planDownloads, about: planAbout },
  { id: "play", title: words.page.play, Body: Play, downloads: playDownloads, about: playAbout },
  { id: "sure", title: words.page.sure, Body: Sure, downloads: sureDownloads, about: sureAbout },
];
