/* Downloads: a menu of what can be had of what is on the screen. */
import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Row } from "../api";
import { csv } from "../format";
import { pngBlob, svgBlob } from "./picture";

export interface Download {
  label: string;
  file: string;
  content: () => Promise<Blob> | Blob;
}

function save(blob: Blob, name: string): void {
  const anchor = document.createElement("a");
  anchor.href = URL.createObjectURL(blob);
  anchor.download = name;
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(anchor.href), 1000);
}

export const rowsDownload = (label: string, file: string, rows: Row[]): Download => ({
  label: `${label} (CSV)`,
  file,
  content: () => new Blob([csv(rows)], { type: "text/csv" }),
});

export const textDownload = (label: string, file: string, text: () => string): Download => ({
  label,
  file,
  content: () => new Blob([text()], { type: "text/plain" }),
});

/* Pictures: every SVG on the page that says how its file is to be named (data-picture). */
export function pictureDownloads(): Download[] {
  return [...document.querySelectorAll<SVGSVGElement>("svg[data-picture]")].flatMap((svg) => {
    const name = svg.dataset["picture"]!;
    const label = svg.getAttribute("aria-label") ?? name;
    return [
      { label: `${label} (SVG)`, file: `${name}.svg`, content: () => svgBlob(svg) },
      { label: `${label} (PNG)`, file: `${name}.png`, content: () => pngBlob(svg) },
    ];
  });
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
export function DownloadMenu({ downloads }: { downloads: () => Download[] }) {
  const items = useSignal<Download[]>([]);
  const menu = useMenu();
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
      <summary>Download</summary>
      <ul>
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
