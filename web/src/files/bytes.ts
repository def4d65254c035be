/* Bytes that grow: what writers of binary files put together. */
export class Bytes {
  private parts: Uint8Array[] = [];
  length = 0;

  add(part: Uint8Array | number[]): this {
    const bytes = part instanceof Uint8Array ? part : Uint8Array.from(part);
    this.parts.push(bytes);
    this.length += bytes.length;
    return this;
  }

  text(text: string): this {
    return this.add(new TextEncoder().encode(text));
  }

  /* Whole numbers, the lowest byte first. */
  u16(value: number): this {
    return this.add([value & 255, (value >> 8) & 255]);
  }

  u32(value: number): this {
    return this.add([value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24]);
  }

  f64(value: number): this {
    const bytes = new Uint8Array(8);
    new DataView(bytes.buffer).setFloat64(0, value, true);
    return this.add(bytes);
  }

  /* Seven bits a byte, the lowest first (LEB128); of whole numbers below 2^53. */
  varint(value: number): this {
    const bytes: number[] = [];
    let rest = value;
    while (rest > 127) {
      bytes.push((rest % 128) | 128);
      rest = Math.floor(rest / 128);
    }
    return this.add([...bytes, rest]);
  }

  /* Signed ones: 0, -1, 1, -2, ... are 0, 1, 2, 3. */
  zigzag(value: number): this {
    return this.varint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  all(): Uint8Array<ArrayBuffer> {
    const whole = new Uint8Array(this.length);
    let at = 0;
    for (const part of this.parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}
