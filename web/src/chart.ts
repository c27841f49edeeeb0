// Pictures of Results, by Observable Plot, as SVG. What is drawn follows from the
// Result's hint and the types of its columns alone; nothing is known of analyses.
import * as Plot from "@observablehq/plot";
import { begun, columnOf, durationMark, durationText, isTime, kDurationTicks, measureOf, plain, pointsOf, reachesFar } from "./data";
import type { Column, Measure, Point, Result, X } from "./data";
import { addsUp, barChart } from "./bars";
import { colour, dash, element, hatching, legend, symbol } from "./style";

export interface Drawing {
  before: HTMLElement[];
  picture: Element;
  after: HTMLElement[];
}

// What every kind of picture needs to know.
export interface Scene {
  result: Result;
  x: Column;
  y: Column;
  points: Point[];
  names: string[]; // of the series
  measure: Measure;
  xMeasure: Measure;
  yLabel: string;
  width: number;
  height: number;
  xFar: boolean; // an axis that gets denser, since durations reach from hours to years
  yFar: boolean;
  patterns: SVGElement[];
  title(point: Point): string; // what a pointer shows
}

// The box that follows the pointer.
export const kTip = { lineHeight: 1.4, stroke: "var(--axis)", textPadding: 10 };

const kAspect = 0.42;
const kRestless = 200; // points of a curve
const dates = new Intl.DateTimeFormat("en-CA", { timeZone: "UTC" });

export function formatX(x: X): string {
  if (x instanceof Date) return dates.format(x);
  return typeof x === "number" ? x.toLocaleString("en", { maximumSignificantDigits: 4 }) : x;
}

function axisLabel(label: string, unit: string): string {
  return unit && !label.toLowerCase().includes(unit.toLowerCase()) ? `${label} (${unit})` : label;
}

// The unit's name where it is a word of time; others stand at the axis.
export function withUnit(measure: Measure, value: number): string {
  return measure.scale === 1 ? measure.format(value) : `${measure.format(value)} ${measure.unit}`;
}

// What a dot stands for, where it is no item: its first words.
function nameOf(result: Result, point: Point): string {
  const column = result.columns.find((each) => each.type === "text" && each.name !== "title" && each.name !== result.chart.series);
  const value = column ? point.row[column.name] : null;
  return typeof value === "string" ? value : "";
}

export function band(points: Point[]): Point[] {
  return points.filter((point) => point.low !== null && point.high !== null);
}

function sceneOf(result: Result, width: number): Scene | null {
  const { chart } = result;
  const x = columnOf(result, chart.x);
  // A column of which nothing is known has no line, and no place in the legend.
  const ys = chart.y.map((name) => columnOf(result, name)).filter((column): column is Column =>
    column !== undefined && result.rows.some((row) => row[column.name] !== null && row[column.name] !== undefined));
  if (!x || ys.length === 0) return null;
  const points = pointsOf(result, x, ys);
  const values = points.flatMap((point) => [point.y, point.high]).filter((value): value is number => value !== null);
  if (values.length === 0) return null;
  const far: Measure = { unit: "", scale: 1, fromZero: true, share: false, format: durationText };
  const yFar = chart.kind !== "bar" && chart.kind !== "area" && ys[0].type === "duration" && reachesFar(values);
  const measure = yFar ? far : measureOf(ys[0], Math.max(...values.map(Math.abs)));
  const across = points.map((point) => point.x).filter((value): value is number => typeof value === "number");
  const xFar = chart.kind !== "bar" && chart.kind !== "area" && x.type === "duration" && reachesFar(across);
  const xMeasure = xFar ? far : measureOf(x, Math.max(0, ...across.map(Math.abs)));
  for (const point of points) {
    if (typeof point.x === "number") point.x /= xMeasure.scale;
    if (point.y !== null) point.y /= measure.scale;
    if (point.low !== null) point.low /= measure.scale;
    if (point.high !== null) point.high /= measure.scale;
  }
  const title = (point: Point): string => {
    const lines = [typeof point.x === "number" ? `${plain(x.title || x.name, 40)}: ${withUnit(xMeasure, point.x)}` : formatX(point.x)];
    const name = names.length > 1 ? point.series : plain(ys[0].title || ys[0].name, 40);
    lines.push(`${name}: ${point.y === null ? "–" : withUnit(measure, point.y)}`);
    if (point.low !== null && point.high !== null)
      lines.push(`${withUnit(measure, point.low)} to ${withUnit(measure, point.high)}`);
    if (chart.kind === "dot") {
      const name = nameOf(result, point);
      if (name) lines.unshift(plain(name, 60));
      for (const column of result.columns)
        if (column.type === "item" && column !== x) lines.push(`#${point.row[column.name] ?? ""}`);
      if (typeof point.row.title === "string" && x.name !== "title") lines.push(plain(point.row.title, 60));
    }
    return lines.join("\n");
  };
  const names = [...new Set(points.map((point) => point.series))];
  const base = plain(chart.y_label || ys[0].title || ys[0].name, 60);
  return {
    result, x, y: ys[0], points, names, measure, xMeasure, width, title, xFar, yFar,
    yLabel: axisLabel(base, ys[0].type === "duration" || !chart.y_label ? measure.unit : ""),
    height: Math.round(Math.min(320, Math.max(200, width * kAspect))),
    patterns: [],
  };
}

// The ends of the y axis: from zero wherever the distance from zero means something.
function yDomain(scene: Scene, values: number[]): [number, number] {
  const least = Math.min(...values);
  const most = Math.max(...values);
  const zero = scene.measure.fromZero || scene.result.chart.kind === "area" || (least >= 0 && least < most / 2);
  if (scene.measure.share) return [Math.min(0, least), most > 0.6 ? Math.max(1, most) : most * 1.05 || 1];
  if (least === most) return zero || least === 0 ? [Math.min(0, least), Math.max(most, least === 0 ? 1 : 0)] : [least - 1, most + 1];
  return [zero ? Math.min(0, least) : least, zero ? Math.max(0, most) : most];
}

export function axisStyle(scene: Scene): Plot.PlotOptions {
  return {
    width: scene.width,
    className: "plot",
    ariaLabel: plain([scene.result.title, scene.result.claim].filter(Boolean).join(": "), 400),
    marginTop: 30,
    marginRight: 16,
  };
}

// Counts have no ticks between whole numbers.
export function yTicks(scene: Scene, most: number): number {
  return scene.y.type === "integer" ? Math.max(1, Math.min(5, Math.floor(most))) : 5;
}

// Categories stand in the order of the rows; where they crowd, some go unnamed.
export function categories(scene: Scene): { domain: X[]; tickFormat: (value: X, index: number) => string } {
  const domain = [...new Set(scene.points.map((point) => point.x))];
  const longest = Math.max(...domain.map((value) => formatX(value).length));
  const every = Math.ceil((domain.length * (Math.min(14, longest) * 7 + 16)) / (scene.width - 60));
  return { domain, tickFormat: (value, index) => (index % every === 0 ? plain(formatX(value), 14) : "") };
}

function marginLeft(scene: Scene, domain: [number, number]): number {
  const longest = Math.max(...domain.map((value) => scene.measure.format(scene.measure.share ? value : Math.round(value)).length));
  return Math.max(36, 14 + longest * 7);
}

// Linear up to an hour, then by factors; the marks are those of a calendar.
function farScale(values: number[]): Plot.ScaleOptions {
  const most = Math.max(...values, 3600);
  return { type: "symlog", constant: 3600, domain: [0, most], ticks: kDurationTicks.filter((tick) => tick <= most), tickFormat: durationMark };
}

// The year, where the marks are days and weeks and do not say it.
function yearOf(scene: Scene): string | null {
  const kFewDays = 200 * 24 * 3600 * 1000;
  const times = scene.points.map((point) => point.x).filter((value): value is Date => value instanceof Date);
  if (!isTime(scene.x) || times.length === 0) return null;
  const [first, last] = [Math.min(...times.map(Number)), Math.max(...times.map(Number))];
  if (last - first > kFewDays) return null;
  const [from, to] = [new Date(first).getUTCFullYear(), new Date(last).getUTCFullYear()];
  return from === to ? `${from}` : `${from}–${to}`;
}

function xOptions(scene: Scene): Plot.ScaleOptions {
  if (isTime(scene.x)) return { type: "utc", label: yearOf(scene), labelArrow: "none" };
  if (scene.xFar)
    return {
      ...farScale(scene.points.map((point) => point.x as number)),
      label: plain(scene.x.title || scene.x.name, 60), labelArrow: "none",
    };
  const label = axisLabel(plain(scene.x.title || scene.x.name, 60), plain(scene.xMeasure.unit, 30));
  if (typeof scene.points[0].x !== "number") return { type: "point", label, tickSize: 0, ...categories(scene) };
  if (scene.x.type !== "integer") return { label, labelArrow: "none", tickFormat: scene.xMeasure.format };
  const across = scene.points.map((point) => point.x as number);
  const whole = Math.floor(Math.max(...across) - Math.min(...across));
  return { label, labelArrow: "none", tickFormat: scene.xMeasure.format, ticks: Math.max(1, Math.min(Math.round(scene.width / 80), whole)) };
}

const drawn = (point: Point | undefined): boolean => point !== undefined && point.y !== null;

function lineMarks(scene: Scene): Plot.Markish[] {
  const curve = scene.result.chart.kind === "step" ? "step-after" : "linear";
  const marks: Plot.Markish[] = [];
  scene.names.forEach((name, index) => {
    const own = scene.points.filter((point) => point.series === name);
    // Where no bound is known, the band has a gap.
    if (band(own).length > 0)
      marks.push(Plot.areaY(own, {
        x: "x", y1: (point: Point) => (point.high === null ? null : point.low), y2: (point: Point) => (point.low === null ? null : point.high),
        curve, fill: colour(index), fillOpacity: 0.16,
      }));
  });
  // The first, which the picture is about, over the others; what is measured again and again, thinner.
  [...scene.names.entries()].reverse().forEach(([index, name]) => {
    const own = scene.points.filter((point) => point.series === name);
    const isRestless = index > 0 && own.length > kRestless;
    marks.push(
      Plot.lineY(own, {
        x: "x", y: "y", curve, stroke: colour(index), strokeWidth: isRestless ? 1 : 2, strokeOpacity: isRestless ? 0.7 : 1,
        strokeDasharray: dash(index) || undefined,
      }),
    );
    const alone = own.filter((_, at) => !drawn(own[at - 1]) && drawn(own[at]) && !drawn(own[at + 1]));
    if (alone.length > 0) marks.push(Plot.dot(alone, { x: "x", y: "y", fill: colour(index), symbol: symbol(index), r: 4 }));
  });
  return marks;
}

function areaMarks(scene: Scene): Plot.Markish[] {
  const fills = scene.names.map((_, index) => hatching(index));
  scene.patterns.push(...fills.map((fill) => fill.pattern));
  const order = [...scene.names];
  const at = (point: Point) => order.indexOf(point.series);
  const stacked = scene.points.map((point) => ({ ...point, y: point.y ?? 0 }));
  return [
    Plot.areaY(stacked, {
      x: "x", y: "y", z: "series", order, fill: (point: Point) => fills[at(point)].fill, fillOpacity: 0.85,
    }),
    Plot.lineY(stacked, Plot.stackY2({ x: "x", y: "y", z: "series", order, stroke: "var(--ground)", strokeWidth: 1 })),
  ];
}

function dotMarks(scene: Scene): Plot.Markish[] {
  return [
    Plot.ruleX(band(scene.points), { x: "x", y1: "low", y2: "high", stroke: colour(0), strokeOpacity: 0.5 }),
    ...scene.names.map((name, index) =>
      Plot.dot(scene.points.filter((point) => point.series === name), {
        x: "x", y: "y", fill: colour(index), fillOpacity: 0.75, stroke: "var(--ground)", strokeWidth: 0.5,
        symbol: symbol(index), r: 4,
      }),
    ),
    ...nameMarks(scene),
  ];
}

const kNamedDots = 6;

// Of names that would be written over each other, the first.
function unhidden(scene: Scene, points: Point[], text: (point: Point) => string, isRight: (point: Point) => boolean): Point[] {
  const span = (of: (point: Point) => number) => {
    const values = scene.points.map(of);
    const [least, most] = [Math.min(0, ...values), Math.max(...values)];
    return (point: Point) => (of(point) - least) / (most - least || 1);
  };
  const across = span((point) => (typeof point.x === "number" ? point.x : 0));
  const up = span((point) => point.y ?? 0);
  const boxes: { left: number; right: number; at: number }[] = [];
  return points.filter((point) => {
    const room = text(point).length * 6.5 + 10;
    const x = across(point) * (scene.width - 60);
    const box = { left: isRight(point) ? x - room : x, right: isRight(point) ? x : x + room, at: up(point) * (scene.height - 70) };
    if (boxes.some((other) => box.left < other.right && other.left < box.right && Math.abs(box.at - other.at) < 13)) return false;
    boxes.push(box);
    return true;
  });
}

// The dots that stand out are named in the picture: those farthest to the top and to the right.
function nameMarks(scene: Scene): Plot.Markish[] {
  const most = (of: (point: Point) => number) => Math.max(...scene.points.map(of), 1);
  const mostY = most((point) => point.y ?? 0);
  const mostX = most((point) => (typeof point.x === "number" ? point.x : 0));
  const weight = (point: Point) => (point.y ?? 0) / mostY + (typeof point.x === "number" ? point.x : 0) / mostX;
  const named = scene.points
    .filter((point) => point.y !== null && nameOf(scene.result, point) !== "")
    .sort((a, b) => weight(b) - weight(a))
    .slice(0, kNamedDots);
  const isRight = (point: Point) => typeof point.x === "number" && point.x > 0.7 * mostX;
  const text = (point: Point) => plain(nameOf(scene.result, point).split("/").pop() ?? "", 24);
  const apart = unhidden(scene, named, text, isRight);
  const style = { x: "x", y: "y", text, fill: "currentColor", stroke: "var(--ground)", strokeWidth: 3, fontSize: 11 } as const;
  return [
    Plot.text(apart.filter((point) => !isRight(point)), { ...style, textAnchor: "start", dx: 7 }),
    Plot.text(apart.filter(isRight), { ...style, textAnchor: "end", dx: -7 }),
  ];
}

function xyChart(scene: Scene): Element {
  const { kind } = scene.result.chart;
  const totals = new Map<number | string, number>();
  if (kind === "area")
    for (const point of scene.points) {
      const key = point.x instanceof Date ? point.x.getTime() : point.x;
      totals.set(key, (totals.get(key) ?? 0) + (point.y ?? 0));
    }
  const values = kind === "area" ? [...totals.values()]
    : scene.points.flatMap((point) => [point.y, point.low, point.high]).filter((value): value is number => value !== null);
  const domain = yDomain(scene, values);
  // To round numbers, as the scale is drawn: the axis stands at its end, not at that of the data.
  const shown = scene.yFar ? domain : (Plot.scale({ y: { domain, nice: true } })?.domain as [number, number]);
  const marks = kind === "area" ? areaMarks(scene) : kind === "dot" ? dotMarks(scene) : lineMarks(scene);
  const order = [...scene.names];
  const ticks = scene.yFar ? kDurationTicks.filter((tick) => tick <= Math.max(...values, 3600)) : yTicks(scene, domain[1]);
  const channels = { x: "x", y: "y", title: scene.title, ...kTip } as const;
  const pointed = scene.points.filter((point) => point.y !== null);
  const tip: Plot.Markish[] = kind === "area"
    ? [Plot.tip(pointed, Plot.pointerX(Plot.stackY({ ...channels, z: "series", order })))]
    : kind === "dot"
      ? [Plot.tip(pointed, Plot.pointer(channels))]
      : [
          Plot.ruleX(pointed, Plot.pointerX({ x: "x", py: "y", stroke: "currentColor", strokeOpacity: 0.25 })),
          Plot.dot(pointed, Plot.pointerX({ x: "x", y: "y", r: 3.5, fill: "currentColor" })),
          Plot.tip(pointed, Plot.pointerX(channels)),
        ];
  return Plot.plot({
    ...axisStyle(scene),
    height: scene.height,
    marginLeft: marginLeft(scene, domain),
    marginBottom: isTime(scene.x) && !yearOf(scene) ? 28 : 40,
    x: xOptions(scene),
    y: scene.yFar ? { ...farScale(values), label: null } : { domain, nice: true, label: null },
    marks: [
      Plot.gridY({ ticks, strokeOpacity: 1, stroke: "var(--rule)" }),
      Plot.axisY({ ticks, tickSize: 0, tickFormat: scene.measure.format, label: scene.yLabel, labelArrow: "none", labelOffset: 0,
                   labelAnchor: "top", textAnchor: "end" }),
      ...marks,
      Plot.ruleY([shown[0] < 0 ? 0 : shown[0]], { stroke: "var(--axis)" }),
      ...tip,
    ],
  });
}

// Plot puts a style sheet into its picture; the page's content policy allows none but
// ours, which has the same rules.
function finish(picture: Element, scene: Scene): Element {
  for (const style of picture.querySelectorAll("style")) style.remove();
  const svg = picture instanceof SVGSVGElement ? picture : picture.querySelector("svg");
  svg?.setAttribute("role", "img");
  svg?.setAttribute("aria-label", plain([scene.result.title, scene.result.claim].filter(Boolean).join(": "), 400));
  // The picture has one name; those of its parts would be read out of context.
  for (const part of svg?.querySelectorAll("[aria-label]") ?? []) part.removeAttribute("aria-label");
  if (scene.patterns.length > 0) {
    const definitions = element("defs", {});
    definitions.append(...scene.patterns);
    svg?.prepend(definitions);
  }
  return picture;
}

export function drawChart(result: Result, width: number): Drawing | null {
  const unfinished = ["line", "bar", "area"].includes(result.chart.kind) ? begun(result) : null;
  if (unfinished) {
    const last = result.rows[result.rows.length - 1][result.chart.x];
    result = { ...result, rows: result.rows.filter((row) => row[result.chart.x] !== last) };
  }
  const scene = sceneOf(result, width);
  if (!scene) return null;
  // Figures that do not add up cannot be stacked over time: lines show them.
  if (result.chart.kind === "bar" && isTime(scene.x) && scene.names.length > 1 && !addsUp(scene))
    result = scene.result = { ...result, chart: { ...result.chart, kind: "line" } };
  const { kind } = result.chart;
  const after: HTMLElement[] = [];
  const note = (text: string): void => {
    const caption = document.createElement("figcaption");
    caption.textContent = text;
    after.push(caption);
  };
  const bars = kind === "bar" ? barChart(scene) : null;
  const picture = finish(bars ? bars.picture : xyChart(scene), scene);
  const notes = bars?.note ? [bars.note] : [];
  if (unfinished) notes.push(`The ${unfinished} that has begun is in the table alone.`);
  const [low, high] = [columnOf(result, result.chart.low), columnOf(result, result.chart.high)];
  if (low && high && band(scene.points).length > 0) {
    const sure = /\b\d+(?= ?%)/.exec(`${low.title} ${low.description ?? ""}`)?.[0];
    notes.push(`${kind === "line" || kind === "step" ? "Shaded" : "Thin lines"}: ${sure ? `${sure}\u00a0% interval` : "as far as it may be off"}`
      + ` (“${plain(low.title)}” to “${plain(high.title)}” in the table).`);
  }
  if (result.of) notes.push(`${result.rows.length.toLocaleString("en")} of ${result.of.toLocaleString("en")} points are drawn, evenly chosen.`);
  if (notes.length > 0) note(notes.join(" "));
  const look = kind === "bar" || kind === "area" ? "fill" : kind === "dot" ? "dot" : "line";
  return { before: scene.names.length > 1 ? [legend(scene.names, look)] : [], picture, after };
}
