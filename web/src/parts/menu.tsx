/* Downloads: a menu of what can be had of what is on the screen. */
import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { fileName, linesOf, sentencesOf, type About } from "../about";
import type { Row } from "../api";
import { frameOf } from "../embed";
import { parquetOf } from "../files/parquet";
import { workbookOf } from "../files/spreadsheet";
import { csv } from "../format";
import { link } from "../hash";
import { words } from "../words";
import { pngBlob, svgBlob } from "./picture";

export interface Download {
  label: string;
  file: string;
  content: () => Promise<Blob> | Blob;
  rows?: Row[] /* of a table */;
}

function save(blob: Blob, name: string): void {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(blob);
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 1000);
}

export const rowsDownload = (label: string, file: string, rows: Row[]): Download => ({
  label: words.page.csv(label),
  file,
  rows,
  content: () => new Blob([csv(rows)], { type: "text/csv" }),
});

const SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/* A table in the other formats of tables; its CSV is with what it belongs to. */
const otherFormats = ({ label, file, rows }: Download): Download[] => {
  if (!rows || rows.length === 0) return [];
  const name = file.replace(/\.csv$/, "");
  const what = label.replace(words.page.csv(""), "");
  return [
    {
      label: words.page.spreadsheet(what),
      file: `${name}.xlsx`,
      content: () => new Blob([workbookOf(rows, name)], { type: SPREADSHEET }),
    },
    {
      label: words.page.parquet(what),
      file: `${name}.parquet`,
      content: () => new Blob([parquetOf(rows)], { type: "application/vnd.apache.parquet" }),
    },
  ];
};

export const withFormats = (downloads: Download[]): Download[] =>
  downloads.flatMap((one) => [one, ...otherFormats(one)]);

export const textDownload = (label: string, file: string, text: () => string): Download => ({
  label,
  file,
  content: () => new Blob([text()], { type: "text/plain" }),
});

/* Pictures: every SVG on the page that says what it shows (data-picture), with what is said about it. */
export function pictureDownloads(about: About): Download[] {
  const lines = () => linesOf(about);
  return [...document.querySelectorAll<SVGSVGElement>("svg[data-picture]")].flatMap((svg) => {
    const name = svg.dataset["picture"]!;
    const label = svg.getAttribute("aria-label") ?? name;
    return [
      { label: words.page.svg(label), file: fileName(about, name, "svg"), content: () => svgBlob(svg, lines()) },
      { label: words.page.png(label), file: fileName(about, name, "png"), content: () => pngBlob(svg, lines()) },
    ];
  });
}

/* A table as other programs take it from the clipboard: cells with tabs between. */
function tabbed(rows: Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  return [columns, ...rows.map((row) => columns.map((column) => row[column] ?? ""))]
    .map((cells) => cells.join("\t"))
    .join("\n");
}

/* What can be copied: the answer as a sentence, and the first table. */
function Copies({ about, rows, close }: { about: About; rows: Row[] | undefined; close: () => void }) {
  const said = useSignal("");
  const copy = async (text: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      said.value = words.about.copied;
    } catch {
      said.value = words.about.refused;
    }
    setTimeout(close, 900);
  };
  const texts: [label: string, text: string][] = [
    [words.about.sentence, sentencesOf(about)],
    [words.about.table, rows ? tabbed(rows) : ""],
    [words.about.frame, frameOf(link(), about.question[0] ?? words.page.name)],
  ];
  return (
    <>
      {texts.map(([label, text]) =>
        text ? (
          <li key={label}>
            <button type="button" onClick={() => copy(text)}>
              {label}
            </button>
          </li>
        ) : null,
      )}
      <li role="status">{said.value}</li>
    </>
  );
}

/* Closes a menu when something else is pressed or focused, and with Escape. */
export function useMenu(): RefObject<HTMLDetailsElement | null> {
  const menu = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    const leave = (event: Event) => {
      const isKey = event instanceof KeyboardEvent;
      if (isKey ? event.key === "Escape" : !menu.current!.contains(event.target as Node)) menu.current!.open = false;
    };
    const kinds = ["pointerdown", "focusin", "keydown"];
    for (const kind of kinds) document.addEventListener(kind, leave);
    return () => {
      for (const kind of kinds) document.removeEventListener(kind, leave);
    };
  }, []);
  return menu;
}

/* The list of downloads is made when the menu opens, as it depends on the panel. */
export function DownloadMenu({ downloads, about }: { downloads: () => Download[]; about: () => About }) {
  const items = useSignal<Download[]>([]);
  const menu = useMenu();
  const close = (): void => {
    if (menu.current) menu.current.open = false;
  };
  const take = async (item: Download, details: HTMLDetailsElement) => {
    save(await item.content(), item.file);
    details.open = false;
    details.querySelector("summary")!.focus();
  };
  return (
    <details
      ref={menu}
      class="menu"
      onToggle={(event) => {
        items.value = event.currentTarget.open ? downloads() : [];
      }}
    >
      <summary>{words.page.download}</summary>
      <ul>
        {items.value.length > 0 && (
          <Copies about={about()} rows={items.value.find(({ rows }) => rows)?.rows} close={close} />
        )}
        {items.value.map((item) => (
          <li key={item.file}>
            <button type="button" onClick={(event) => take(item, event.currentTarget.closest("details")!)}>
              {item.label}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}
