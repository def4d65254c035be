/* The page without a server, for Vite: `vite build --mode alone`, with the folder of the solver in DERISK_SOLVER. It
   is made for any static host, and for file:, where browsers load no modules and start no worker from a file of its
   own: the page is one classic script, with the worker and the solver in it. */
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";

const folder = process.env.DERISK_SOLVER ?? "";

/* The solver, and its bytes, in the worker. */
const solver = {
  name: "solver",
  resolveId(id) {
    if (id === "virtual:solver") return resolve(folder, "solver.js");
    return id === "virtual:solver-bytes" ? `\0${id}` : undefined;
  },
  load(id) {
    if (id !== "\0virtual:solver-bytes") return undefined;
    const bytes = gzipSync(readFileSync(join(folder, "solver.wasm")), { level: 9 }).toString("base64");
    return `export default ${JSON.stringify(bytes)};`;
  },
};

/* Questions go to the solver. */
const transport = {
  name: "local transport",
  enforce: "pre",
  resolveId(id, from) {
    const asked = id === "./transport" && from?.endsWith("/src/api.ts");
    return asked ? resolve(import.meta.dirname, "src/local/transport.ts") : undefined;
  },
};

const ABSENT =
  "This page needs no server: the sample world and the solver are in it. Worlds of your own, imports and gravity " +
  "estimates need the program: derisk serve.";

/* A classic script knows no `await` outside of functions. */
const classic = {
  name: "classic script",
  enforce: "post",
  transformIndexHtml: {
    order: "post",
    handler: (html) =>
      html
        .replace(/<script type="module" crossorigin/, "<script defer")
        .replaceAll(" crossorigin", "")
        .replace("<noscript>", `<footer class="alone">${ABSENT}</footer>\n    <noscript>`),
  },
  generateBundle(_, bundle) {
    for (const chunk of Object.values(bundle))
      if (chunk.type === "chunk") chunk.code = `(async () => {\n${chunk.code}\n})();\n`;
  },
};

export const alone = { plugins: [transport, solver, classic], worker: [solver] };
