/* The frame: a bar with the panels' tabs and what is common to them, and the panel that is shown. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { link } from "./hash";
import { sourceLines, type About } from "./about";
import { panels, type Panel } from "./panels/registry";
import { DownloadMenu, pictureDownloads, textDownload, withFormats } from "./parts/menu";
import { Term } from "./parts/info";
import { Boundary } from "./parts/boundary";
import { Misread } from "./parts/misread";
import { AboutAnswer } from "./parts/status";
import { Worlds } from "./parts/worlds";
import { documentOf, scenario, yamlOf } from "./scenario";
import { loadWorld, panel, world, year } from "./state";
import { nextTheme, theme } from "./theme";
import { words } from "./words";

function Tabs() {
  const move = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const at = panels.findIndex((p) => p.id === panel.value);
    panel.value = panels[(at + step + panels.length) % panels.length]!.id;
    document.getElementById(`tab-${panel.value}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={words.page.panels} onKeyDown={move}>
      {panels.map(({ id, title }) => (
        <button
          key={id}
          id={`tab-${id}`}
          type="button"
          role="tab"
          aria-selected={id === panel.value}
          aria-controls="body"
          tabIndex={id === panel.value ? 0 : -1}
          onClick={() => {
            panel.value = id;
          }}
        >
          {title}
        </button>
      ))}
    </div>
  );
}

function Share() {
  const said = useSignal("");
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(link());
      said.value = words.page.copied;
    } catch {
      said.value = words.page.inAddress;
    }
    setTimeout(() => {
      said.value = "";
    }, 2500);
  };
  return (
    <>
      <button type="button" class="plain" onClick={copy}>
        {words.page.share}
      </button>
      <span class="toast" role="status" hidden={!said.value}>
        {said.value}
      </span>
    </>
  );
}

function Year() {
  const years = world.value!.years;
  return (
    <label class="year">
      <span class="unseen">{words.page.year}</span>
      <select
        value={year.value}
        disabled={years.length === 1}
        onChange={(event) => loadWorld(Number(event.currentTarget.value))}
      >
        {years.map((y) => (
          <option key={y} value={y}>
            {y}
          </option>
        ))}
      </select>
    </label>
  );
}

/* Below the view for frames: what it answers, from which data, and where all of it is. */
function Origin({ about }: { about: () => About }) {
  const { question } = about();
  return (
    <footer class="origin">
      <p>{[...question, ...sourceLines()].join("; ")}</p>
      <a href={link()} target="_blank" rel="noopener">
        {words.page.open}
      </a>
    </footer>
  );
}

const shownPanel = (): Panel => panels.find((p) => p.id === panel.value) ?? panels[0]!;

const Body = ({ shown }: { shown: Panel }) => (
  <div id="body" role="tabpanel" aria-labelledby={`tab-${shown.id}`} key={shown.id}>
    <Boundary>
      <shown.Body />
    </Boundary>
  </div>
);

export function Embedded() {
  const shown = shownPanel();
  return (
    <main class="embedded">
      <div id="body">
        <Boundary>
          <shown.Body />
        </Boundary>
      </div>
      <Term />
      <Origin about={shown.about} />
    </main>
  );
}

export function App() {
  const shown = shownPanel();
  useEffect(() => {
    document.title = `${shown.title} · ${words.page.name}`;
  }, [shown.title]);
  const scenarioFile = () =>
    textDownload(words.shelf.asFile, "scenario.yaml", () => yamlOf(documentOf(scenario.value!, year.value)));
  return (
    <>
      <div class="top">
        <header class="bar">
          <h1>
            <img src="./icon.svg" alt="" width="22" height="22" />
            {words.page.name}
          </h1>
          <Tabs />
          <div class="common">
            <AboutAnswer />
            <Worlds />
            <Year />
            <Share />
            <DownloadMenu
              about={shown.about}
              downloads={() => [...withFormats(shown.downloads()), ...pictureDownloads(shown.about()), scenarioFile()]}
            />
            <a
              class="plain"
              href="glossary.html"
              target="glossary"
              aria-label={words.page.glossary}
              title={words.page.glossaryOfAll}
            >
              ?
            </a>
            <button
              type="button"
              class="plain"
              onClick={nextTheme}
              aria-label={words.page.colours[theme.value]}
              title={words.page.colours[theme.value]}
            >
              {{ system: "◐", light: "☀", dark: "☾" }[theme.value]}
            </button>
          </div>
        </header>
        <Misread />
      </div>
      <Term />
      <main>
        <Body shown={shown} />
      </main>
    </>
  );
}
