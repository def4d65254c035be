/* A ZIP archive of files that are stored as they are (PKWARE, APPNOTE.TXT 6.3.10, 4.3.7, 4.3.12 and 4.3.16). */
import { Bytes } from "./bytes";

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

const VERSION = 20;
const UTF8 = 0x800; /* names are UTF-8 */
const DAY = 0x21; /* 1 January 1980: the same rows give the same file */

export function zipOf(files: { name: string; text: string }[]): Uint8Array<ArrayBuffer> {
  const [out, directory] = [new Bytes(), new Bytes()];
  for (const { name, text } of files) {
    const [body, path] = [new TextEncoder().encode(text), new TextEncoder().encode(name)];
    const at = out.length;
    const common = (to: Bytes) =>
      to.u16(VERSION).u16(UTF8).u16(0).u16(0).u16(DAY).u32(crc32(body)).u32(body.length).u32(body.length);
    common(out.u32(0x04034b50)).u16(path.length).u16(0).add(path).add(body);
    common(directory.u32(0x02014b50).u16(VERSION))
      .u16(path.length)
      .u16(0)
      .u16(0)
      .u16(0)
      .u16(0)
      .u32(0)
      .u32(at)
      .add(path);
  }
  const start = out.length;
  out.add(directory.all()).u32(0x06054b50).u16(0).u16(0).u16(files.length).u16(files.length);
  return out.u32(directory.length).u32(start).u16(0).all();
}
