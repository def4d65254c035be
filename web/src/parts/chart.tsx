/* A chart of Observable Plot in the page's colours. Plot writes a style sheet into each picture, which the page's
   content-security policy would refuse: it is taken out, and its rules are in style.css. */
import * as Plot from "@observablehq/plot";
import { useEffect, useRef } from "preact/hooks";

interface Props {
  label: string;
  picture: string;
  options: (width: number, height: number) => Plot.PlotOptions /* drawn anew when the box changes its size */;
  drawn?: (plot: Plot.Plot) => void /* told each time, for what is laid over it by its scales */;
}

export function Chart({ label, picture, options, drawn: tell }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const draw = () => {
    if (!box.current) return; /* gone before its turn came */
    const { clientWidth: width, clientHeight: height } = box.current;
    if (width === 0 || height === 0) return;
    const drawn = Plot.plot({ width, height, ariaLabel: label, ...options(width, height) });
    for (const style of drawn.querySelectorAll("style")) style.remove();
    const svg = drawn instanceof SVGSVGElement ? drawn : drawn.querySelector("svg")!;
    svg.dataset["picture"] = picture;
    svg.setAttribute("role", "img");
    /* Plot labels each mark with its kind ("bar", "text"), which a screen reader would read aloud. */
    for (const mark of svg.querySelectorAll("[aria-label]")) mark.removeAttribute("aria-label");
    box.current.replaceChildren(drawn);
    tell?.(drawn);
  };
  const latest = useRef(draw);
  latest.current = draw;
  useEffect(draw);
  useEffect(() => {
    const observer = new ResizeObserver(() => latest.current());
    observer.observe(box.current!);
    return () => observer.disconnect();
  }, []);
  return <div class="chart" ref={box} />;
}
