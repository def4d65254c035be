/* Functions of the page that need no browser, and what holds for its source. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import type { Row } from "../src/api";
import { parquetOf } from "../src/files/parquet";
import { workbookOf } from "../src/files/spreadsheet";
import { crc32 } from "../src/files/zip";
import { decimals, figuresIn, moneyInWords, percent, percentLike, share } from "../src/format";
import { rowsOfParquet, rowsOfSheet } from "./readers";
import { strayTexts } from "./texts";

const SOURCE = fileURLToPath(new URL("../src", import.meta.url));

test("all texts of the page stand in one file", () => {
  expect(strayTexts(SOURCE)).toEqual([]);
});

test("texts that stand elsewhere are found", () => {
  const folder = mkdtempSync(join(tmpdir(), "derisk-texts-"));
  writeFileSync(
    join(folder, "seen.tsx"),
    `export const A = () => <p class="card two" title="Title">{\`\${1} of these\`}Text<i
  label={x ? "one two" : ""} /></p>;
const b = { label: "Label", key: "key", title: words.title, command: "derisk plan sample.world" };`,
  );
  writeFileSync(join(folder, "words.ts"), `export const words = { a: "A text" };`);
  expect(strayTexts(folder)).toEqual([
    "seen.tsx:1: Title",
    "seen.tsx:1:  of these",
    "seen.tsx:1: Text",
    "seen.tsx:2: one two",
    "seen.tsx:3: Label",
  ]);
  rmSync(folder, { recursive: true });
});

test("numbers have two decimals, no sign where they are nothing, and a true minus", () => {
  expect([percent(1.005), percent(-0.001), percent(-12.345), percent(1234.5)]).toEqual([
    "+1.01%",
    "0.00%",
    "−12.35%",
    "+1,234.50%",
  ]);
  expect([share(0.25), share(-0.5), decimals(-0.0004, 3)]).toEqual(["25.00%", "−50.00%", "0.000"]);
  expect(percentLike([0.0012, -0.0003])(0.0012)).toBe("+0.00120%");
});

test("figures of the server's sentences are found, and nothing else is", () => {
  const told = "In 2011 it loses 4,251.3 million, 0.0257% (HS 8542.31.90, 1e-11, v0.1.0, [1.5,2]), of 13,000.";
  expect(figuresIn(told)).toBe(told);
});

test("money in words, from the unit of the world", () => {
  const unit = "million US dollars, current prices";
  expect(moneyInWords(257731.4, unit)).toBe("+257.7 billion US dollars");
  expect(moneyInWords(-331.29, unit)).toBe("−331.3 million US dollars");
  expect(moneyInWords(-0.0125, unit)).toBe("−12.5 thousand US dollars");
  expect(moneyInWords(1.5e7, unit, false)).toBe("15 trillion US dollars");
  expect(moneyInWords(0, unit)).toBe("0 US dollars");
  expect(moneyInWords(12, "euro")).toBe("+12 euro");
  expect(moneyInWords(3, "")).toBe("+3");
});

test("files keep texts, missing values and numbers of any size", () => {
  const rows: Row[] = [
    { name: 'Å "b" <c> & \u0001d', value: 1e-300, none: null, part: null, negative: -0.5 },
    { name: "", value: 123456789.123456, none: null, part: "x", negative: Number.NaN },
    ...Array.from({ length: 20 }, (_, i) => ({ name: `n${i}`, value: i, none: null, part: null, negative: -i - 1 })),
  ];
  const isNumber = (value: unknown) => typeof value === "number" && Number.isFinite(value);
  const wanted: Row[] = rows.map((row) => ({ ...row, negative: isNumber(row["negative"]) ? row["negative"]! : null }));
  expect(rowsOfParquet(Buffer.from(parquetOf(rows)))).toEqual(wanted);
  const shown = wanted.map((row) => ({ ...row, name: String(row["name"]).replace("\u0001", "") || null }));
  expect(rowsOfSheet(Buffer.from(workbookOf(rows, "a/b: c")))).toEqual(shown);
  expect(rowsOfSheet(Buffer.from(workbookOf([], "")))).toEqual([]);
  expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926); /* the check value of CRC-32 */
});
