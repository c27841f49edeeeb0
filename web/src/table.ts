// Tables that can be sorted by their columns, and long ones that open on demand.

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const kMissing = "–";

interface Shown {
  limit: number; // rows shown; Infinity: all
}

function textOf(row: HTMLTableRowElement, column: number): string {
  const cell = row.cells[column];
  return cell?.dataset.value ?? cell?.textContent ?? "";
}

function sortRows(body: HTMLTableSectionElement, column: number, numeric: boolean, descending: boolean): void {
  const keyed = Array.from(body.rows, (row) => ({ row, text: textOf(row, column) }));
  const missing = (text: string) => text === "" || text === kMissing || (numeric && Number.isNaN(Number(text)));
  keyed.sort((a, b) => {
    const absent = Number(missing(a.text)) - Number(missing(b.text)); // always at the end
    if (absent !== 0 || missing(a.text)) return absent;
    const order = numeric ? Number(a.text) - Number(b.text) : collator.compare(a.text, b.text);
    return descending ? -order : order;
  });
  body.append(...keyed.map((entry) => entry.row));
}

function limitRows(body: HTMLTableSectionElement, shown: Shown): void {
  Array.from(body.rows).forEach((row, index) => (row.hidden = index >= shown.limit));
}

function makeSortable(table: HTMLTableElement, shown: Shown): void {
  const body = table.tBodies[0];
  const heads = Array.from(table.tHead?.rows[0]?.cells ?? []);
  if (!body || body.rows.length < 2) return;
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "sort";
    button.append(...head.childNodes);
    head.append(button);
    const numeric = head.classList.contains("number");
    button.addEventListener("click", () => {
      const before = head.getAttribute("aria-sort");
      const descending = before ? before === "ascending" : numeric; // figures: the largest first
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", descending ? "descending" : "ascending");
      sortRows(body, column, numeric, descending);
      limitRows(body, shown);
    });
  });
}

// Without a script a long table is two, the second in <details>; here they become one.
function joinLongTable(container: HTMLElement, shown: Shown): HTMLTableElement | null {
  const [first, rest] = container.querySelectorAll("table");
  const details = container.querySelector("details.rest");
  if (!first?.tBodies[0] || !rest?.tBodies[0] || !details) return null;
  const body = first.tBodies[0];
  const scroll = first.closest(".scroll");
  const extent = first.caption?.lastChild;
  shown.limit = body.rows.length;
  body.append(...rest.tBodies[0].rows);
  const all = Number(container.dataset.rows);
  const count = body.rows.length.toLocaleString("en");
  const name = (first.caption?.querySelector(".unseen")?.textContent ?? "").replace(/: $/, "");
  scroll?.setAttribute("aria-label", `Table: ${name}`);
  const of = all > body.rows.length ? ` of ${all.toLocaleString("en")}` : "";
  if (extent) extent.textContent = `Rows 1 to ${shown.limit} of ${all.toLocaleString("en")}`;

  const button = document.createElement("button");
  button.type = "button";
  button.className = "show-all";
  button.textContent = of ? `Show ${count} rows` : `Show all ${count} rows`;
  button.addEventListener("click", () => {
    shown.limit = Infinity;
    limitRows(body, shown);
    if (extent) extent.textContent = of ? `Rows 1 to ${count}${of}` : `${count} rows`;
    button.remove();
    if (scroll instanceof HTMLElement) scroll.focus();
  });
  details.replaceWith(button);
  limitRows(body, shown);
  return first;
}

// Where its columns have no room each row is a list of its cells: they carry the words of their heads, and still are a
// table to who cannot see it.
function listWhereCut(table: HTMLTableElement): void {
  const heads = Array.from(table.tHead?.rows[0]?.cells ?? [], (head) => (head.textContent ?? "").replace(/\s+/g, " ").trim());
  const role = (each: Element, name: string) => each.setAttribute("role", name);
  role(table, "table");
  for (const part of [table.tHead, ...table.tBodies]) if (part) role(part, "rowgroup");
  for (const row of table.rows) {
    role(row, "row");
    Array.from(row.cells).forEach((cell, column) => {
      const isHead = row.parentElement === table.tHead;
      role(cell, isHead ? "columnheader" : cell.tagName === "TH" ? "rowheader" : "cell");
      if (!isHead) cell.dataset.label = heads[column] ?? "";
    });
  }
  const scroll = table.closest<HTMLElement>(".scroll");
  let width = 0;
  if (scroll)
    new ResizeObserver(() => {
      if (scroll.clientWidth === width) return; // it got higher by what is done here
      width = scroll.clientWidth;
      table.classList.remove("listed");
      table.classList.toggle("listed", table.offsetWidth > width);
    }).observe(scroll);
}

export function enhanceTables(root: ParentNode): void {
  for (const table of root.querySelectorAll<HTMLTableElement>("table.sheets")) listWhereCut(table);
  const done = new Set<HTMLTableElement>();
  for (const container of root.querySelectorAll<HTMLElement>(".long-table")) {
    const shown: Shown = { limit: Infinity };
    const table = joinLongTable(container, shown);
    if (!table) continue;
    makeSortable(table, shown);
    done.add(table);
  }
  for (const table of root.querySelectorAll<HTMLTableElement>(".result table"))
    if (!done.has(table)) makeSortable(table, { limit: Infinity });
}
