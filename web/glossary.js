/* docs/glossary.md as a page beside the page, so that whoever has only the server can look terms up. */
import { readFileSync } from "node:fs";
import { Marked } from "marked";

/* The anchor of a heading, as the links within the glossary write it. */
const anchor = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");

/* Other pages of the documentation are not served: their names stand in place of links to them. */
const marked = new Marked({
  renderer: {
    heading({ text, tokens, depth }) {
      return `<h${depth} id="${anchor(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
    },
    link({ href, tokens }) {
      const words = this.parser.parseInline(tokens);
      return href.startsWith("#") ? `<a href="${href}">${words}</a>` : `${words} (docs/${href.replace(/#.*/, "")})`;
    },
  },
});

const page = (body) => `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Glossary · derisk</title>
    <link rel="icon" href="./icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="./page.css" />
  </head>
  <body>
    <main class="text">
${body}    </main>
  </body>
</html>
`;

export const glossary = {
  name: "glossary",
  generateBundle() {
    const text = readFileSync(new URL("../docs/glossary.md", import.meta.url), "utf8");
    this.emitFile({ type: "asset", fileName: "glossary.html", source: page(marked.parse(text)) });
  },
};

const MODULE = "virtual:terms";

/* Each term with its first paragraph as plain text, for the information marks of the page. */
function terms(text) {
  const found = {};
  let term = "";
  for (const token of new Marked().lexer(text)) {
    if (token.type === "heading" && token.depth === 2) term = token.text;
    else if (token.type === "paragraph" && term && !found[term])
      found[term] = { text: plain(token), anchor: anchor(term) };
  }
  return found;
}

const plain = (token) => (token.tokens ? token.tokens.map(plain).join("") : (token.text ?? "").replace(/\s+/g, " "));

export const glossaryTerms = {
  name: "glossary-terms",
  resolveId: (id) => (id === MODULE ? `\0${MODULE}` : null),
  load: (id) =>
    id === `\0${MODULE}`
      ? `export default ${JSON.stringify(terms(readFileSync(new URL("../docs/glossary.md", import.meta.url), "utf8")))};`
      : null,
};
