import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { defineConfig } from "vite";
import { alone } from "./alone.js";
import { glossary, glossaryTerms } from "./glossary.js";

const derisk = process.env.DERISK_SERVER ?? "http://127.0.0.1:8787";

/* The folder of the npm package that a module is from, or nothing. */
function packageOf(module) {
  if (!module.includes("node_modules")) return undefined;
  let folder = dirname(module.replace(/^\0/, ""));
  while (!existsSync(join(folder, "package.json")) || !JSON.parse(readFileSync(join(folder, "package.json"))).version)
    folder = dirname(folder);
  return folder;
}

/* The licences of what is in the bundle ask to go with it. */
const licences = {
  name: "licences",
  generateBundle(_, bundle) {
    const folders = new Set();
    for (const chunk of Object.values(bundle))
      for (const module of Object.keys(chunk.modules ?? {})) folders.add(packageOf(module));
    folders.delete(undefined);
    const texts = [...folders].map((folder) => {
      const { name, version } = JSON.parse(readFileSync(join(folder, "package.json")));
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
      if (!file) throw new Error(`${name} has no file with its licence`);
      return `${name} ${version}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n`;
    });
    this.emitFile({
      type: "asset",
      fileName: "licences.txt",
      source: texts.sort().join(`\n${"-".repeat(79)}\n\n`),
    });
  },
};

/* One script and one style sheet under fixed names: the server's ETags tell browsers what is new, and what is built is the same
   list of files each time. Nothing is inlined, as the page's content-security policy allows no inline script or style. */
export default defineConfig(({ mode }) => ({
  base: "./",
  plugins: [licences, glossary, glossaryTerms, ...(mode === "alone" ? alone.plugins : [])],
  worker: { plugins: () => alone.worker },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: false,
    cssCodeSplit: false,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 600,
    rollupOptions: {
      output: { inlineDynamicImports: true, entryFileNames: "page.js", assetFileNames: "page[extname]" },
    },
  },
  /* npm run dev: the page as it is written, with the answers of a running derisk serve, which takes none but its own pages. */
  server: {
    fs: { allow: [".."] },
    proxy: { "/api": { target: derisk, changeOrigin: true, headers: { origin: derisk } } },
  },
}));
