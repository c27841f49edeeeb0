// A figure's life: read its data, draw it at the width there is, and again when that
// changes. The table under a picture that could be drawn is closed when it is long.
import { drawChart, type Drawing } from "./chart";
import { read, type Sent } from "./data";

const kShortTable = 8;

export function drawFigure(figure: HTMLElement): void {
  const data = figure.querySelector("script")?.textContent;
  if (!data) return;
  const result = read(JSON.parse(data) as Sent);
  figure.hidden = false;
  let width = 0;
  const draw = (): boolean => {
    const available = Math.floor(figure.clientWidth);
    if (available === width || available === 0) return width > 0;
    const drawing: Drawing | null = drawChart(result, available);
    if (!drawing) return false;
    width = available;
    figure.replaceChildren(...drawing.before, drawing.picture, ...drawing.after);
    return true;
  };
  if (!draw()) {
    figure.hidden = true;
    return;
  }
  let asked = 0;
  new ResizeObserver(() => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(draw);
  }).observe(figure);

  const table = figure.nextElementSibling;
  if (table instanceof HTMLDetailsElement && result.rows.length > kShortTable) table.open = false;
}
