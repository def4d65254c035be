/* The outlines of countries as SVG paths, from the one source that the program's own maps are drawn from. */
import text from "../../data/map/countries.csv?raw";

const WIDTH = 2800; /* of the grid on which the outlines are (data/README.md) */

export interface Outlines {
  paths: Map<string, string>;
  viewBox: string;
}

/* A ring: x and y of the first point, then the steps to the next, y upwards. A point is drawn as a small disc. */
function drawn(kind: string, path: string): string {
  const numbers = path.split(" ").map(Number);
  const [x = 0, y = 0] = numbers;
  if (kind === "point") return `M${x - 7} ${-y}a7 7 0 1 0 14 0a7 7 0 1 0-14 0`;
  let d = `M${x} ${-y}l`;
  for (let i = 2; i < numbers.length; i += 2) d += `${numbers[i]} ${-numbers[i + 1]!} `;
  return `${d}z`;
}

let made: Outlines | undefined;

/* By ISO 3166 code. */
export function outlines(): Outlines {
  if (made) return made;
  const paths = new Map<string, string>();
  for (const line of text.trim().split("\n").slice(1)) {
    const [code = "", kind = "", path = ""] = line.trim().split(",");
    paths.set(code, (paths.get(code) ?? "") + drawn(kind, path));
  }
  made = { paths, viewBox: `0 -690 ${WIDTH} 1235` };
  return made;
}
