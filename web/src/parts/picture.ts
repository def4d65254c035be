/* Pictures that stand alone, of those on the page. */
import { words as texts } from "../words";

const KEPT = [
  "fill",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "fill-opacity",
  "opacity",
  "font-size",
  "font-family",
  "font-weight",
  "text-anchor",
  "dominant-baseline",
];

/* Other programs know neither our style sheet nor mixed colours: every colour becomes a plain one. */
const plainColour = (() => {
  const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true })!;
  const known = new Map<string, string>();
  return (colour: string): string => {
    if (!/^(color|oklab|oklch|lab)/.test(colour)) return colour;
    let plain = known.get(colour);
    if (!plain) {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
      const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
      plain = `rgb(${r},${g},${b})`;
      known.set(colour, plain);
    }
    return plain;
  };
})();

const TOP = 34;
const BELOW = 14;
const LINE = 15;
const LETTER = 5.9; /* the width of one, at 11 pixels */

type Box = { x: number; y: number; width: number; height: number };
type Attributes = Record<string, string | number>;
interface Legend {
  parts: SVGElement[];
  height: number /* in pixels */;
}

/* In units of its own: what is drawn, and how many of them a pixel of the page is. */
function boxOf(svg: SVGSVGElement): { box: Box; unit: number } {
  const { width, height } = svg.getBoundingClientRect();
  const view = svg.viewBox.baseVal;
  return view?.width
    ? { box: view, unit: Math.max(view.width / width, view.height / height) }
    : { box: { x: 0, y: 0, width, height }, unit: 1 };
}

function element(name: string, attributes: Record<string, string | number>, text = ""): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.textContent = text;
  return made;
}

/* A copy with its styles written out. */
function styled(svg: SVGSVGElement): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const from = [svg, ...svg.querySelectorAll<SVGElement>("*")];
  const onto = [copy, ...copy.querySelectorAll<SVGElement>("*")];
  from.forEach((part, i) => {
    const style = getComputedStyle(part);
    for (const name of ["class", "style", "tabindex"]) onto[i]!.removeAttribute(name);
    for (const name of KEPT) onto[i]!.setAttribute(name, plainColour(style.getPropertyValue(name)));
  });
  return copy;
}

const SWATCH = 18; /* pixels that the colour of a class takes, and the space after it */

/* The classes of a map, beside it on the page, below it in its picture: in lines, as many as there is room for. */
function legend(svg: SVGSVGElement, { x, y, width, height }: Box, unit: number, words: Attributes): Legend {
  const parts: SVGElement[] = [];
  let [left, line] = [10, 0];
  for (const entry of svg.parentElement?.querySelectorAll(".scale li") ?? []) {
    const said = entry.textContent ?? "";
    const takes = SWATCH + LETTER * said.length + 12;
    if (left > 10 && left + takes > width / unit) [left, line] = [10, line + 1];
    const top = y + height + (8 + line * LINE) * unit;
    const fill = plainColour(getComputedStyle(entry.querySelector("rect")!).fill);
    parts.push(
      element("rect", { x: x + left * unit, y: top, width: 14 * unit, height: 10 * unit, fill }),
      element("text", { ...words, x: x + (left + SWATCH) * unit, y: top + 9 * unit }, said),
    );
    left += takes;
  }
  return { parts, height: parts.length > 0 ? (line + 1) * LINE + 3 : 0 };
}

/* Lines of at most so many letters; what has no space, as a link, is cut, a fifth shorter: its letters are wide. */
export function wrapped(text: string, letters: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > (rest.includes(" ") ? letters : 0.8 * letters)) {
    const at = rest.lastIndexOf(" ", letters);
    const cut = at > 0 ? at : Math.ceil(0.8 * letters);
    lines.push(rest.slice(0, cut));
    rest = rest.slice(at > 0 ? cut + 1 : cut);
  }
  return [...lines, rest];
}

/* A picture that stands alone: with its title, a background, its size, and below it what it answers (`lines`). */
function alone(svg: SVGSVGElement, lines: string[]): SVGSVGElement {
  const { box, unit } = boxOf(svg);
  const page = getComputedStyle(document.body);
  const surface = getComputedStyle(svg.closest(".card") ?? document.body).backgroundColor;
  const words = { fill: page.color, "font-family": "sans-serif", "font-size": 11 * unit, "text-anchor": "start" };
  const letters = Math.max(20, Math.floor((box.width / unit - 20) / LETTER));
  const below = lines.flatMap((line) => wrapped(line, letters));
  const classes = legend(svg, box, unit, words);
  const start = BELOW + classes.height;
  const height = box.height + (TOP + start + below.length * LINE) * unit;
  const frame = { x: box.x, y: box.y - TOP * unit, width: box.width, height };
  const title = svg.getAttribute("aria-label") ?? "";
  const size = Math.min(14, (box.width / unit - 20) / (0.6 * title.length)); /* as large as there is room for */
  const copy = styled(svg);
  copy.prepend(
    element("rect", { ...frame, fill: surface }),
    element(
      "text",
      { ...words, x: box.x + 10 * unit, y: box.y - 14 * unit, "font-size": size * unit, "font-weight": 600 },
      title,
    ),
  );
  copy.prepend(element("desc", {}, lines.join("\n")));
  copy.append(
    ...classes.parts,
    ...below.map((line, i) =>
      element(
        "text",
        { ...words, x: box.x + 10 * unit, y: box.y + box.height + (start + (i + 0.7) * LINE) * unit },
        line,
      ),
    ),
  );
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("viewBox", `${frame.x} ${frame.y} ${frame.width} ${frame.height}`);
  copy.setAttribute("width", String(Math.round(frame.width / unit)));
  copy.setAttribute("height", String(Math.round(frame.height / unit)));
  return copy;
}

export function svgBlob(svg: SVGSVGElement, lines: string[]): Blob {
  return new Blob([new XMLSerializer().serializeToString(alone(svg, lines))], { type: "image/svg+xml" });
}

export async function pngBlob(svg: SVGSVGElement, lines: string[]): Promise<Blob> {
  const scale = 2;
  const url = URL.createObjectURL(svgBlob(svg, lines));
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), {
    width: scale * image.width,
    height: scale * image.height,
  });
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(url);
  return await new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error(texts.page.noPicture))), "image/png"),
  );
}
