/* The frame: a bar with the panels' tabs and what is common to them, and the panel that is shown. */
import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { link } from "./hash";
import { panels } from "./panels/registry";
import { DownloadMenu, pictureDownloads, textDownload } from "./parts/menu";
import { Term } from "./parts/info";
import { Boundary } from "./parts/boundary";
import { Misread } from "./parts/misread";
import { AboutAnswer } from "./parts/status";
import { Worlds } from "./parts/worlds";
import { documentOf, scenario, yamlOf } from "./scenario";
import { loadWorld, panel, world, year } from "./state";
import { nextTheme, theme } from "./theme";

function Tabs() {
  const move = (event: KeyboardEvent) => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    const at = panels.findIndex((p) => p.id === panel.value);
    panel.value = panels[(at + step + panels.length) % panels.length]!.id;
    document.getElementById(`tab-${panel.value}`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label="Panels" onKeyDown={move}>
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
      said.value = "Link copied";
    } catch {
      said.value = "The link is in the address bar";
    }
    setTimeout(() => {
      said.value = "";
    }, 2500);
  };
  return (
    <>
      <button type="button" class="plain" onClick={copy}>
        Share
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
      <span class="unseen">Year</span>
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

export function App() {
  const shown = panels.find((p) => p.id === panel.value) ?? panels[0]!;
  useEffect(() => {
    document.title = `${shown.title} · derisk`;
  }, [shown.title]);
  const scenarioFile = () =>
    textDownload("Scenario (YAML)", "scenario.yaml", () => yamlOf(documentOf(scenario.value!, year.value)));
  return (
    <>
      <div class="top">
        <header class="bar">
          <h1>
            <img src="./icon.svg" alt="" width="22" height="22" />
            derisk
          </h1>
          <Tabs />
          <div class="common">
            <AboutAnswer />
            <Worlds />
            <Year />
            <Share />
            <DownloadMenu
              about={shown.about}
              downloads={() => [...shown.downloads(), ...pictureDownloads(shown.about()), scenarioFile()]}
            />
            <a class="plain" href="glossary.html" target="glossary" aria-label="Glossary" title="Glossary of all terms">
              ?
            </a>
            <button
              type="button"
              class="plain"
              onClick={nextTheme}
              aria-label={`Colours: ${theme.value}`}
              title={`Colours: ${theme.value}`}
            >
              {{ system: "◐", light: "☀", dark: "☾" }[theme.value]}
            </button>
          </div>
        </header>
        <Misread />
      </div>
      <Term />
      <main>
        <div id="body" role="tabpanel" aria-labelledby={`tab-${shown.id}`} key={shown.id}>
          <Boundary>
            <shown.Body />
          </Boundary>
        </div>
      </main>
    </>
  );
}
