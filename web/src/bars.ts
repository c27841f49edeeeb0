// Bars: upright over time, lying where the categories are words (so that the words
// can be read on a phone), with their values written at their ends.
import * as Plot from "@observablehq/plot";
import { axisStyle, band, categories, formatX, kTip, withUnit, yTicks, type Scene } from "./chart";
import { durationText, isTime, plain, type Point } from "./data";
import { colour, hatching } from "./style";

const kMostBars = 30;
const kDay = 86400000;
const kCharacter = 6.6; // width of one, about

export interface Bars {
  picture: Element;
  note: string;
}

// The calendar's step between the times of a column, as Plot names it.
function intervalOf(points: Point[]): string {
  const times = [...new Set(points.map((point) => (point.x as Date).getTime()))].sort((a, b) => a - b);
  let gap = Infinity;
  for (let i = 1; i < times.length; ++i) gap = Math.min(gap, times[i] - times[i - 1]);
  const days = gap / kDay;
  if (days >= 360 && days < Infinity) return "year";
  if (days >= 89 && days < Infinity) return "3 months";
  if (days >= 28) return "month";
  if (days < 7) return "day";
  return times.every((time) => new Date(time).getUTCDay() === 1) ? "monday" : "week";
}

// Series whose figures add up are stacked; medians and shares stand side by side.
export function addsUp(scene: Scene): boolean {
  return scene.y.type === "integer" && scene.points.every((point) => (point.y ?? 0) >= 0);
}

// A thin line that can be seen on a bar and beside it.
function haloed(draw: (style: { stroke: string; strokeWidth: number }) => Plot.Markish): Plot.Markish[] {
  return [draw({ stroke: "var(--ground)", strokeWidth: 4 }), draw({ stroke: "currentColor", strokeWidth: 1.25 })];
}

function fillsOf(scene: Scene): (point: Point) => string {
  if (scene.names.length === 1) return () => colour(0);
  const fills = scene.names.map((_, index) => hatching(index));
  scene.patterns.push(...fills.map((fill) => fill.pattern));
  return (point) => fills[scene.names.indexOf(point.series)].fill;
}

function upright(scene: Scene): Bars {
  const fill = fillsOf(scene);
  const order = [...scene.names];
  const time = isTime(scene.x);
  const across = { x: "x", y: "y", z: "series", order, fill, title: scene.title, inset: 0.5 };
  const interval = time ? intervalOf(scene.points) : undefined;
  const bars = time
    ? Plot.rectY(scene.points, { ...across, interval, tip: kTip } as Plot.RectYOptions)
    : Plot.barY(scene.points, { ...across, tip: kTip } as Plot.BarYOptions);
  const whiskers = band(scene.points);
  const totals = new Map<string, number>();
  for (const point of scene.points) totals.set(formatX(point.x), (totals.get(formatX(point.x)) ?? 0) + (point.y ?? 0));
  const ends = [...totals.values(), ...whiskers.flatMap((point) => [point.low ?? 0, point.high ?? 0])];
  const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const ticks = yTicks(scene, most);
  const picture = Plot.plot({
    ...axisStyle(scene),
    height: scene.height,
    marginLeft: 44,
    marginBottom: time ? 28 : 40,
    x: time
      ? { type: "utc", label: null }
      : {
          type: "band", padding: 0.2, label: plain(scene.x.title || scene.x.name, 60), labelArrow: "none",
          tickSize: 0, ...categories(scene),
        },
    y: { label: null, nice: true, domain: [least, least === most ? 1 : most] },
    marks: [
      Plot.gridY({ ticks, strokeOpacity: 1, stroke: "var(--rule)" }),
      Plot.axisY({ ticks, tickSize: 0, tickFormat: scene.measure.format,
                   label: scene.yLabel, labelArrow: "none", labelOffset: 0, labelAnchor: "top", textAnchor: "end" }),
      bars,
      ...(whiskers.length > 0 && !time ? haloed((style) => Plot.ruleX(whiskers, { x: "x", y1: "low", y2: "high", ...style })) : []),
      Plot.ruleY([0], { stroke: "var(--axis)" }),
    ],
  });
  return { picture, note: "" };
}

function lying(scene: Scene): Bars {
  const all = [...new Set(scene.points.map((point) => String(formatX(point.x))))];
  const shown = all.slice(0, kMostBars);
  const points = scene.points.map((point) => ({ ...point, x: formatX(point.x) })).filter((point) => shown.includes(point.x));
  const stacked = scene.names.length === 1 || addsUp(scene);
  const longest = Math.max(...shown.map((name) => name.length));
  const left = Math.ceil(Math.min(16 + longest * kCharacter, scene.width * 0.42));
  const letters = Math.max(4, Math.floor((left - 14) / kCharacter));
  const label = (name: string) => plain(name, letters);
  const fill = fillsOf(scene);
  const order = [...scene.names];
  const rows = stacked ? shown.length : shown.length * scene.names.length;
  const whiskers = band(points);
  const ends = new Map<string, number>();
  for (const point of points)
    if (point.y !== null) ends.set(point.x, (ends.get(point.x) ?? 0) + point.y);
  const most = Math.max(...(stacked ? [...ends.values()] : points.map((point) => point.y ?? 0)), ...whiskers.map((point) => point.high ?? 0));
  const least = Math.min(0, ...points.map((point) => point.y ?? 0), ...whiskers.map((point) => point.low ?? 0));
  // Times of which some are small beside others are written each in the unit that suits it.
  const text = (value: number) => scene.y.type === "duration" ? durationText(value * scene.measure.scale) : withUnit(scene.measure, value);
  const place = stacked ? { y: "x" } : { y: "series", fy: "x" };
  const bar = { ...place, x: "y", ...(stacked ? { z: "series", order } : {}), fill, title: scene.title, tip: kTip };
  const written = stacked
    ? Array.from(ends, ([x, y]) => ({ x, y, series: "", low: null, high: null as number | null, row: {} }))
    : points.filter((point) => point.y !== null);
  for (const one of written) {
    const whisker = whiskers.find((point) => point.x === one.x && (stacked || point.series === one.series));
    if (whisker) one.high = whisker.high;
  }
  const scale: Plot.ScaleOptions = { domain: stacked ? shown : order, label: null, padding: 0.25 };
  const room = Math.max(0, ...written.map((one) => text(one.y ?? 0).length)) * 7 + 14;
  const picture = Plot.plot({
    ...axisStyle(scene),
    height: 34 + rows * (stacked ? 28 : 20) + (stacked ? 0 : shown.length * 6) + 8,
    marginLeft: left,
    marginRight: room,
    marginBottom: 8,
    x: { domain: [least, most || 1], axis: null },
    y: stacked ? { ...scale, tickFormat: label, tickSize: 0 } : { ...scale, axis: null },
    ...(stacked ? {} : { fy: { domain: shown, label: null, padding: 0.15, tickFormat: label, axis: "left" } }),
    marks: [
      Plot.barX(points, bar as Plot.BarXOptions),
      ...(whiskers.length > 0 ? haloed((style) => Plot.ruleY(whiskers, { ...place, x1: "low", x2: "high", ...style } as Plot.RuleYOptions)) : []),
      Plot.text(written, {
        ...place, x: (point: Point) => Math.max(point.y ?? 0, point.high ?? 0, 0), text: (point: Point) => text(point.y ?? 0),
        textAnchor: "start", dx: 6, fill: "currentColor",
      } as Plot.TextOptions),
      Plot.ruleX([0], { stroke: "var(--axis)" }),
      Plot.text([scene.yLabel], { frameAnchor: "top-left", dy: -20, text: (value: string) => value, ...(stacked ? {} : { fy: () => shown[0] }) }),
    ],
  });
  const note = all.length > shown.length ? `The first ${shown.length} of ${all.length.toLocaleString("en")} are drawn.` : "";
  return { picture, note };
}

export function barChart(scene: Scene): Bars {
  const numeric = typeof scene.points[0].x === "number";
  return isTime(scene.x) || (numeric && addsUp(scene)) || (numeric && scene.names.length === 1) ? upright(scene) : lying(scene);
}
