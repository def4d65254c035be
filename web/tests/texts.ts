/* Texts for people that stand in the page's source outside of its message file: what another language would miss. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const MESSAGES = "words.ts";

/* Attributes and fields that people read or hear, whatever is in them. */
const SAID = new Set(
  ["alt", "aria-label", "aria-valuetext", "caption", "detail", "label", "name", "none", "placeholder", "title"].concat([
    "summary",
    "text",
    "what",
  ]),
);
/* Attributes that no one reads. */
const UNREAD = new Set(["class", "d", "style", "transform", "viewBox", "accept", "rel"]);

const isWord = (text: string): boolean => /\p{L}/u.test(text);
/* A sentence or a part of one: two words with a blank between, and nothing of style sheets, paths or commands. */
const isPhrase = (text: string): boolean =>
  /\p{L}[,.:;]? +\p{L}/u.test(text) && !/^(derisk |[a-z-]+\(|\.|#|svg|:)/.test(text) && !/[{}<>]/.test(text);

const nameOf = (node: ts.JsxAttributeName | ts.PropertyName): string => node.getText().replaceAll(/["']/g, "");

/* The attribute whose value the node is in, if it is in one; functions within it are another matter. */
function attributeOf(node: ts.Node): string {
  for (let up = node.parent; up && !ts.isFunctionLike(up) && !ts.isJsxElement(up); up = up.parent)
    if (ts.isJsxAttribute(up)) return nameOf(up.name);
  return "";
}

/* Whether the text is all of what an attribute or a field says, so that even one word is a text. */
function isSaid(node: ts.Node): boolean {
  const up = node.parent;
  const name = ts.isJsxAttribute(up) ? nameOf(up.name) : ts.isPropertyAssignment(up) ? nameOf(up.name) : "";
  return SAID.has(name) && !(name === "name" && !ts.isJsxAttribute(up));
}

/* Types, imports and texts that are compared stand for nothing that is shown. */
const isCode = (node: ts.Node): boolean =>
  ts.isImportDeclaration(node.parent) ||
  ts.isExportDeclaration(node.parent) ||
  ts.isLiteralTypeNode(node.parent) ||
  ts.isElementAccessExpression(node.parent) ||
  (ts.isPropertyAssignment(node.parent) && node.parent.name === node);

function textOf(node: ts.Node): string {
  if (ts.isJsxText(node)) return isWord(node.text) ? node.text.trim() : "";
  const isPart = ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
  if (!ts.isStringLiteral(node) && !ts.isNoSubstitutionTemplateLiteral(node) && !isPart) return "";
  if (isCode(node) || UNREAD.has(attributeOf(node))) return "";
  const isText = isPhrase(node.text) || (isWord(node.text) && isSaid(node));
  return isText ? node.text : "";
}

const kindOf = (file: string): ts.ScriptKind => (file.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS);

/* What `of` finds in the nodes of a file, with the lines. */
function textsIn(file: string, of: (node: ts.Node) => string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true, kindOf(file));
  const found: string[] = [];
  const look = (node: ts.Node): void => {
    const text = of(node);
    if (text) found.push(`${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${text}`);
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

const sourcesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) => /\.tsx?$/.test(name) && !name.endsWith(".d.ts"),
  );

/* The texts of a folder's sources that are one of these, whatever their capitals. */
export function textsAmong(folder: string, wanted: Iterable<string>): string[] {
  const among = new Set([...wanted].map((text) => text.toLowerCase()));
  const isOne = (node: ts.Node): boolean =>
    (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) && among.has(node.text.toLowerCase());
  const of = (node: ts.Node): string => (isOne(node) ? (node as ts.StringLiteral).text : "");
  return sourcesIn(folder).flatMap((name) => textsIn(join(folder, name), of).map((text) => `${name}:${text}`));
}

/* "panels/levers.tsx:12: Sectors", for each of a folder's sources. */
export function strayTexts(folder: string): string[] {
  return sourcesIn(folder)
    .filter((name) => name !== MESSAGES)
    .flatMap((name) => textsIn(join(folder, name), textOf).map((text) => `${name}:${text}`));
}
