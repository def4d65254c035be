/* A worker with the solver, which src/wasm/module.c describes. */
import solver, { type Solver } from "virtual:solver";
import packed from "virtual:solver-bytes";
import type { Progress } from "../api";

export interface Wanted {
  path: string;
  body: string | null /* of a POST */;
}

export type Said = { kind: "progress"; progress: Progress } | { kind: "answer"; status: number; text: string };

/* The module as bytes: it travels compressed, in letters. */
async function unpacked(): Promise<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

let told = 0; /* when progress was last told, in ms */

async function open(): Promise<Solver> {
  const made = await solver({
    wasmBinary: await unpacked(),
    progress(progress: Progress) {
      const EVERY = 100;
      if (performance.now() - told < EVERY) return;
      told = performance.now();
      postMessage({ kind: "progress", progress } satisfies Said);
    },
  });
  const trouble = made.ccall("wasm_open", "string", [], []);
  if (trouble) throw new Error(trouble);
  return made;
}

const opened = open();

addEventListener("message", async ({ data: { path, body } }: MessageEvent<Wanted>) => {
  const asked = await opened;
  const text = asked.ccall("wasm_ask", "string", ["string", "string"], [path, body])!;
  postMessage({ kind: "answer", status: asked.ccall("wasm_status", "number", [], []), text } satisfies Said);
});
