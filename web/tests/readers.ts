/* Tables read back from files of the page, by programs that have nothing to do with it: Python with DuckDB and its own
   reader of archives and XML. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Row } from "./derisk";

const PYTHON = fileURLToPath(new URL("../../tools/python.sh", import.meta.url));

const run = (program: string, bytes: Buffer): Row[] =>
  JSON.parse(execFileSync(PYTHON, ["-c", program], { input: bytes, encoding: "utf8", maxBuffer: 1 << 26 })) as Row[];

export const rowsOfParquet = (bytes: Buffer): Row[] =>
  run(
    `import duckdb, json, sys, tempfile
with tempfile.NamedTemporaryFile(suffix=".parquet") as file:
    file.write(sys.stdin.buffer.read())
    file.flush()
    found = duckdb.sql(f"SELECT * FROM '{file.name}'")
    print(json.dumps([dict(zip(found.columns, row)) for row in found.fetchall()]))`,
    bytes,
  );

export const rowsOfSheet = (bytes: Buffer): Row[] =>
  run(
    `import io, json, re, sys, zipfile
import xml.etree.ElementTree as xml
archive = zipfile.ZipFile(io.BytesIO(sys.stdin.buffer.read()))
assert archive.testzip() is None
for name in archive.namelist():
    xml.fromstring(archive.read(name))
space = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
lines = []
for row in xml.fromstring(archive.read("xl/worksheets/sheet1.xml")).iterfind(".//m:row", space):
    line = {}
    for cell in row.iterfind("m:c", space):
        text = cell.find("m:is/m:t", space)
        value = float(cell.find("m:v", space).text) if text is None else text.text
        line[re.match("[A-Z]+", cell.get("r")).group()] = value
    lines.append(line)
head = lines[0]
print(json.dumps([{name: line.get(at) for at, name in head.items()} for line in lines[1:]]))`,
    bytes,
  );
