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
