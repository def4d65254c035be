/* Pictures that stand alone, of those on the page. */

const KEPT = ["fill", "stroke", "stroke-width", "stroke-opacity", "fill-opacity", "opacity", "font-size", "font-family", "font-weight", "text-anchor", "dominant-baseline"];

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
      known.set(colour, plain = `rgb(${r},${g},${b})`);
    }
    return plain;
  };
})();

/* A picture that stands alone: with its styles written out, a background, and its size. */
function alone(svg: SVGSVGElement): SVGSVGElement {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const from = [svg, ...svg.querySelectorAll<SVGElement>("*")];
  const onto = [copy, ...copy.querySelectorAll<SVGElement>("*")];
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    onto[i]!.removeAttribute("class");
    for (const name of KEPT) onto[i]!.setAttribute(name, plainColour(style.getPropertyValue(name)));
  });
  const { width, height } = svg.getBoundingClientRect();
  const box = svg.viewBox.baseVal;
  const ground = document.createElementNS(svg.namespaceURI!, "rect");
  const [x, y, w, h] = box?.width ? [box.x, box.y, box.width, box.height] : [0, 0, width, height];
  for (const [name, value] of Object.entries({ x, y, width: w, height: h, fill: getComputedStyle(document.body).backgroundColor }))
    ground.setAttribute(name, String(value));
  copy.prepend(ground);
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  copy.setAttribute("width", String(Math.round(width)));
  copy.setAttribute("height", String(Math.round(height)));
  return copy;
}

export function svgBlob(svg: SVGSVGElement): Blob {
  return new Blob([new XMLSerializer().serializeToString(alone(svg))], { type: "image/svg+xml" });
}

export async function pngBlob(svg: SVGSVGElement): Promise<Blob> {
  const scale = 2;
  const url = URL.createObjectURL(svgBlob(svg));
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: scale * image.width, height: scale * image.height });
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(url);
  return await new Promise((resolve, reject) => canvas.toBlob((blob) => blob ? resolve(blob) : reject(new Error("no picture")), "image/png"));
}
