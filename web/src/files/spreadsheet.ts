/* Rows as a workbook of one sheet (ECMA-376, Office Open XML), which spreadsheet programs open: numbers are numbers,
   with all their digits. */
import type { Row } from "../api";
import { columnsIn } from "./columns";
import { zipOf } from "./zip";

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006";
const TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml";

/* Control characters, which XML does not have, are left out. */
const quoted = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: those are meant
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");

/* A, B, ..., Z, AA, ... */
function letters(column: number): string {
  let text = "";
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    text = String.fromCharCode(65 + ((rest - 1) % 26)) + text;
  return text;
}

function cell(value: unknown, column: number, row: number): string {
  const place = `${letters(column)}${row}`;
  if (typeof value === "number" && Number.isFinite(value)) return `<c r="${place}"><v>${value}</v></c>`;
  if (value === null || value === undefined || value === "" || typeof value === "number") return "";
  const text = quoted(String(value));
  return `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
}

function sheetOf(rows: Row[]): string {
  const columns = columnsIn(rows);
  const lines = [
    columns.map(({ name }) => name as unknown),
    ...rows.map((_, i) => columns.map(({ values }) => values[i])),
  ];
  const body = lines.map((values, i) => `<row r="${i + 1}">${values.map((v, j) => cell(v, j, i + 1)).join("")}</row>`);
  const frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';
  return (
    `${HEAD}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">${frozen}</sheetView></sheetViews>` +
    `<sheetData>${body.join("")}</sheetData></worksheet>`
  );
}

const MOST = 31; /* letters of the name of a sheet, which may not have some signs */
const sheetName = (name: string): string => quoted(name.replace(/[\\/?*[\]:']/g, " ").slice(0, MOST)) || "1";

export function workbookOf(rows: Row[], name: string): Uint8Array<ArrayBuffer> {
  const types =
    `${HEAD}<Types xmlns="${PACKAGE}/content-types">` +
    `<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
    `<Override PartName="/xl/workbook.xml" ContentType="${TYPE}.sheet.main+xml"/>` +
    `<Override PartName="/xl/worksheets/sheet1.xml" ContentType="${TYPE}.worksheet+xml"/></Types>`;
  const relation = (kind: string, target: string) =>
    `${HEAD}<Relationships xmlns="${PACKAGE}/relationships">` +
    `<Relationship Id="rId1" Type="${OFFICE}/${kind}" Target="${target}"/></Relationships>`;
  const workbook =
    `${HEAD}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>` +
    `<sheet name="${sheetName(name)}" sheetId="1" r:id="rId1"/></sheets></workbook>`;
  return zipOf([
    { name: "[Content_Types].xml", text: types },
    { name: "_rels/.rels", text: relation("officeDocument", "xl/workbook.xml") },
    { name: "xl/workbook.xml", text: workbook },
    { name: "xl/_rels/workbook.xml.rels", text: relation("worksheet", "worksheets/sheet1.xml") },
    { name: "xl/worksheets/sheet1.xml", text: sheetOf(rows) },
  ]);
}
