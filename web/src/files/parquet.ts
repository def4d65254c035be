/* Rows as a Parquet file: one row group, a plain page for each column, without compression; texts are UTF-8, numbers
   doubles, and both may be missing (parquet-format 2.9: Thrift compact protocol, PLAIN and RLE encodings). */
import type { Row } from "../api";
import { Bytes } from "./bytes";
import { columnsIn, type Column } from "./columns";

/* Types of Thrift's compact protocol. */
const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

/* A struct: each field has the step from the number of the one before, and its type. */
class Struct {
  private readonly bytes = new Bytes();
  private last = 0;

  private field(id: number, type: number): Bytes {
    this.bytes.add([((id - this.last) << 4) | type]);
    this.last = id;
    return this.bytes;
  }

  i32(id: number, value: number): this {
    this.field(id, I32).zigzag(value);
    return this;
  }

  i64(id: number, value: number): this {
    this.field(id, I64).zigzag(value);
    return this;
  }

  string(id: number, text: string): this {
    const bytes = new TextEncoder().encode(text);
    this.field(id, BINARY).varint(bytes.length).add(bytes);
    return this;
  }

  struct(id: number, inner: Struct): this {
    this.field(id, STRUCT).add(inner.all());
    return this;
  }

  list(id: number, type: number, items: Uint8Array[]): this {
    const bytes = this.field(id, LIST);
    if (items.length < 15) bytes.add([(items.length << 4) | type]);
    else bytes.add([0xf0 | type]).varint(items.length);
    for (const item of items) bytes.add(item);
    return this;
  }

  all(): Uint8Array<ArrayBuffer> {
    return new Bytes().add(this.bytes.all()).add([0]).all();
  }
}

const DOUBLE = 5;
const BYTE_ARRAY = 6;
const OPTIONAL = 1;
const UTF8 = 0;
const PLAIN = 0;
const RLE = 3;
const DATA_PAGE = 0;

const isThere = (value: unknown): boolean =>
  value !== null && value !== undefined && !(typeof value === "number" && !Number.isFinite(value));

/* Whether each value is there: runs of bits in groups of eight, with their length before them. */
function levelsOf(values: unknown[]): Uint8Array {
  const groups = Math.ceil(values.length / 8);
  const bits = new Uint8Array(groups);
  for (const [i, value] of values.entries()) if (isThere(value)) bits[i >> 3]! |= 1 << (i & 7);
  const runs = new Bytes()
    .varint(groups * 2 + 1)
    .add(bits)
    .all();
  return new Bytes().u32(runs.length).add(runs).all();
}

function pageOf({ values, isNumber }: Column): Uint8Array {
  const page = new Bytes().add(levelsOf(values));
  for (const value of values.filter(isThere)) {
    if (isNumber) page.f64(Number(value));
    else {
      const text = new TextEncoder().encode(String(value));
      page.u32(text.length).add(text);
    }
  }
  const body = page.all();
  const header = new Struct()
    .i32(1, DATA_PAGE)
    .i32(2, body.length)
    .i32(3, body.length)
    .struct(5, new Struct().i32(1, values.length).i32(2, PLAIN).i32(3, RLE).i32(4, RLE));
  return new Bytes().add(header.all()).add(body).all();
}

const typeOf = ({ isNumber }: Column): number => (isNumber ? DOUBLE : BYTE_ARRAY);

function schemaOf(columns: Column[]): Uint8Array[] {
  const root = new Struct().string(4, "table").i32(5, columns.length).all();
  const leaf = (column: Column) => {
    const made = new Struct().i32(1, typeOf(column)).i32(3, OPTIONAL).string(4, column.name);
    return (column.isNumber ? made : made.i32(6, UTF8)).all();
  };
  return [root, ...columns.map(leaf)];
}

const bytesOf = (text: string): Uint8Array => {
  const bytes = new TextEncoder().encode(text);
  return new Bytes().varint(bytes.length).add(bytes).all();
};

function chunkOf(column: Column, at: number, size: number): Uint8Array {
  const encodings = [PLAIN, RLE].map((one) => new Bytes().zigzag(one).all());
  const meta = new Struct()
    .i32(1, typeOf(column))
    .list(2, I32, encodings)
    .list(3, BINARY, [bytesOf(column.name)])
    .i32(4, 0)
    .i64(5, column.values.length)
    .i64(6, size)
    .i64(7, size)
    .i64(9, at);
  return new Struct().i64(2, at).struct(3, meta).all();
}

export function parquetOf(rows: Row[]): Uint8Array<ArrayBuffer> {
  const columns = columnsIn(rows);
  const out = new Bytes().text("PAR1");
  const chunks = columns.map((column) => {
    const [at, page] = [out.length, pageOf(column)];
    out.add(page);
    return chunkOf(column, at, page.length);
  });
  const group = new Struct()
    .list(1, STRUCT, chunks)
    .i64(2, out.length - 4)
    .i64(3, rows.length);
  const footer = new Struct()
    .i32(1, 1)
    .list(2, STRUCT, schemaOf(columns))
    .i64(3, rows.length)
    .list(4, STRUCT, [group.all()])
    .string(6, "derisk")
    .all();
  return out.add(footer).u32(footer.length).text("PAR1").all();
}
