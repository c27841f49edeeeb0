// The Result as the page holds it, and the points that a picture is drawn from.

export interface Column {
  name: string;
  title: string;
  type: "text" | "integer" | "number" | "share" | "duration" | "date" | "time" | "item" | "url";
  unit: string;
  description?: string;
}

export type Value = string | number | null;

export interface Chart {
  kind: "line" | "step" | "bar" | "area" | "dot";
  x: string;
  y: string[];
  series: string;
  low: string;
  high: string;
  y_label: string;
}

export interface Result {
  title: string;
  claim: string;
  columns: Column[];
  rows: Record<string, Value>[];
  chart: Chart;
  as_of?: string;
  of?: number; // points there are, where some are left out
}

// As it stands in the page: rows without the names of their columns.
export type Sent = Omit<Result, "rows"> & { rows: Value[][] };

export function read(sent: Sent): Result {
  const rows = sent.rows.map((row) => Object.fromEntries(row.map((value, index) => [sent.columns[index].name, value])));
  return { ...sent, rows };
}

// The word for the stretch of time that the last row counts, where it has not ended yet: counted so far, it would look
// like a fall.
export function begun(result: Result): string | null {
  const word = /per (week|month|quarter|year)\b/.exec(result.chart.y_label)?.[1];
  const last = result.rows[result.rows.length - 1]?.[result.chart.x];
  const now = Date.parse(result.as_of ?? "");
  const from = typeof last === "string" ? Date.parse(last) : NaN;
  if (!word || result.rows.length < 3 || Number.isNaN(now) || Number.isNaN(from)) return null;
  const end = new Date(from);
  if (word === "week") end.setUTCDate(end.getUTCDate() + 7);
  else if (word === "year") end.setUTCFullYear(end.getUTCFullYear() + 1);
  else end.setUTCMonth(end.getUTCMonth() + (word === "month" ? 1 : 3));
  return end.getTime() > now ? word : null;
}

export type X = Date | number | string;

export interface Point {
  x: X;
  y: number | null;
  series: string;
  low: number | null;
  high: number | null;
  row: Record<string, Value>;
}

// Text of data, made fit for one line: no control characters, no overrides of the
// writing direction, not too long.
export function plain(text: string, length = 80): string {
  const line = text.replace(/[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g, " ").trim();
  const characters = Array.from(line);
  return characters.length > length ? characters.slice(0, length - 1).join("") + "…" : line;
}

const kHour = 3600;
const kDay = 24 * kHour;
const kMonth = 2629746;
const kYear = 31556952;

// How the numbers of a column are drawn: durations in a unit that suits the largest.
export interface Measure {
  unit: string;
  scale: number;
  fromZero: boolean;
  share: boolean;
  format(value: number): string;
}

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const few = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });

export function formatNumber(value: number): string {
  return Math.abs(value) >= 1000 || Number.isInteger(value) ? whole.format(value) : few.format(value);
}

export function measureOf(column: Column, largest: number): Measure {
  if (column.type === "share") {
    const format = (value: number) => `${formatNumber(Math.round(value * 1000) / 10)}\u00a0%`;
    return { unit: "", scale: 1, fromZero: true, share: true, format };
  }
  if (column.type === "duration") {
    const [unit, scale] =
      largest < 2 * kHour ? ["minutes", 60]
      : largest < 2 * kDay ? ["hours", kHour]
      : largest < 120 * kDay ? ["days", kDay]
      : largest < 2 * kYear ? ["months", kMonth]
      : ["years", kYear] as [string, number];
    return { unit: unit as string, scale: scale as number, fromZero: true, share: false, format: (value) => few.format(value) };
  }
  return { unit: column.unit, scale: 1, fromZero: column.type === "integer", share: false, format: formatNumber };
}

// "47 h", "31 d", "2.1 mo": as the tables write it (base/time.cpp).
export function durationText(seconds: number): string {
  if (seconds === 0) return "0";
  const units: [number, number, string][] = [
    [1, 60, "s"], [60, kHour, "min"], [kHour, 48 * kHour, "h"], [kDay, 60 * kDay, "d"], [kMonth, 24 * kMonth, "mo"], [kYear, Infinity, "y"],
  ];
  const [size, , name] = units.find(([, upTo]) => Math.abs(seconds) < upTo) ?? units[units.length - 1];
  const value = seconds / size;
  return `${Math.abs(value) < 9.95 && size > 1 ? value.toFixed(1) : value.toFixed(0)} ${name}`;
}

// "1 h", "3 d", "2 mo": marks of an axis, each a whole number of its unit.
export function durationMark(seconds: number): string {
  const units: [number, string][] = [[kYear, "y"], [kMonth, "mo"], [kDay, "d"], [kHour, "h"], [60, "min"]];
  const [size, name] = units.find(([unit]) => Math.abs(seconds) >= unit) ?? [1, "s"];
  return seconds === 0 ? "0" : `${few.format(seconds / (size as number))} ${name}`;
}

// Where an axis of durations from minutes to years has its marks.
export const kDurationTicks = [0, kHour, kDay, 7 * kDay, kMonth, 3 * kMonth, kYear, 3 * kYear, 10 * kYear];

// Whether durations reach so far that a linear axis shows nothing of most: the largest is many times the middle one.
export function reachesFar(values: number[]): boolean {
  const sorted = values.filter((value) => value > 0).sort((a, b) => a - b);
  if (sorted.length < 4) return false;
  const largest = sorted[sorted.length - 1];
  return largest > 2 * kMonth && largest > 12 * sorted[Math.floor(sorted.length / 2)];
}

export function columnOf(result: Result, name: string): Column | undefined {
  return result.columns.find((column) => column.name === name);
}

export function isTime(column: Column): boolean {
  return column.type === "date" || column.type === "time";
}

export function isQuantity(column: Column): boolean {
  return ["integer", "number", "share", "duration"].includes(column.type);
}

function numberOf(value: Value | undefined): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

function xOf(value: Value | undefined, column: Column): X | null {
  if (value === null || value === undefined) return null;
  if (isTime(column)) {
    const time = new Date(value);
    return Number.isNaN(time.getTime()) ? null : time;
  }
  if (isQuantity(column) && typeof value === "number") return value;
  return plain(column.type === "item" && typeof value === "number" ? `#${value}` : String(value));
}

// One point per row and y column; rows without an x are left out.
export function pointsOf(result: Result, x: Column, ys: Column[]): Point[] {
  const { chart } = result;
  const points: Point[] = [];
  for (const row of result.rows) {
    const at = xOf(row[x.name], x);
    if (at === null) continue;
    ys.forEach((column, index) => {
      const series =
        chart.series && ys.length === 1 ? plain(String(row[chart.series] ?? "none"), 40) : plain(column.title || column.name, 40);
      const banded = index === 0 && chart.low !== "" && chart.high !== "";
      points.push({
        x: at,
        y: numberOf(row[column.name]),
        series,
        low: banded ? numberOf(row[chart.low]) : null,
        high: banded ? numberOf(row[chart.high]) : null,
        row,
      });
    });
  }
  return points;
}
