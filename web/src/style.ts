// How series are told apart: by colour and by something else besides (dashes,
// symbols, hatching), so that no reader depends on colour. The colours are variables
// of the style sheet, so that they suit light and dark.

const kColours = 6;
const kDashes = ["", "6 3", "2 3", "9 3 2 3", "12 4", "1 4"];
const kSymbols = ["circle", "triangle", "square", "diamond", "cross", "star"] as const;

export function colour(index: number): string {
  return `var(--series-${(index % kColours) + 1})`;
}

export function dash(index: number): string {
  return kDashes[index % kDashes.length];
}

export function symbol(index: number): (typeof kSymbols)[number] {
  return kSymbols[index % kSymbols.length];
}

const kSvg = "http://www.w3.org/2000/svg";

export function element(name: string, attributes: Record<string, string | number>): SVGElement {
  const made = document.createElementNS(kSvg, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}

let patterns = 0;

// A fill for areas and bars: the colour, hatched from the second series on.
export function hatching(index: number): { pattern: SVGElement; fill: string } {
  const id = `hatching-${++patterns}`;
  const pattern = element("pattern", {
    id,
    width: 8,
    height: 8,
    patternUnits: "userSpaceOnUse",
    patternTransform: `rotate(${[0, 45, -45, 90, 0, 0][index % kColours]})`,
  });
  pattern.append(element("rect", { width: 8, height: 8, fill: colour(index) }));
  const over = { fill: "none", stroke: "var(--ground)", "stroke-width": 1.25, "stroke-opacity": 0.5 };
  const kind = index % kColours;
  if (kind >= 1 && kind <= 3) pattern.append(element("path", { d: "M4 0V8", ...over }));
  if (kind === 4) pattern.append(element("circle", { cx: 4, cy: 4, r: 1.6, fill: "var(--ground)", "fill-opacity": 0.7 }));
  if (kind === 5) pattern.append(element("path", { d: "M4 0V8M0 4H8", ...over }));
  return { pattern, fill: `url(#${id})` };
}

const kPaths: Record<string, string> = {
  circle: "M5 8a4 4 0 1 0 8 0a4 4 0 1 0-8 0",
  triangle: "M9 3L14 12H4Z",
  square: "M5.5 4.5h7v7h-7Z",
  diamond: "M9 3L13 8L9 13L5 8Z",
  cross: "M8 3h2v4h4v2h-4v4H8V9H4V7h4Z",
  star: "M9 2.5l1.6 4h4l-3.2 2.6l1.2 4.2L9 11l-3.6 2.3l1.2-4.2L3.4 6.5h4Z",
};

// A list that says which series looks how; drawn as the series is.
export function legend(names: string[], look: "line" | "fill" | "dot"): HTMLElement {
  const list = document.createElement("ul");
  list.className = "legend";
  names.forEach((name, index) => {
    const swatch = element("svg", { width: 24, height: 16, viewBox: "0 0 24 16", "aria-hidden": "true" });
    if (look === "line") {
      swatch.append(
        element("path", { d: "M0 8H24", stroke: colour(index), "stroke-width": 2, "stroke-dasharray": dash(index) || "none" }),
      );
    } else if (look === "dot") {
      swatch.append(element("path", { d: kPaths[symbol(index)], fill: colour(index) }));
    } else {
      const { pattern, fill } = hatching(index);
      swatch.append(pattern, element("rect", { x: 4, y: 1, width: 16, height: 14, fill }));
    }
    const item = document.createElement("li");
    item.append(swatch, name);
    list.append(item);
  });
  return list;
}
