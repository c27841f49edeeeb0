// Keys: / searches and ? shows the keys, everywhere; on pages with cards j and k move from card to card, 1 to 9 press
// the buttons of the card that has the focus and are shown, m opens its menu, o shows its text; on lists j and k move
// from entry to entry. Nothing while somebody is writing.

const kKeys: [string, string][] = [
  ["/", "search everything"],
  ["?", "this list"],
  ["j, k", "the next and the one before"],
  ["Enter", "open it"],
  ["1 to 9", "press a button of the card"],
  ["m", "open or close the card's actions"],
  ["o", "show or hide what it says"],
  ["Esc", "leave a field, close this"],
];

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select");
}

let help: HTMLDialogElement | null = null;

function showHelp(root: Document): void {
  if (!help) {
    help = root.createElement("dialog");
    help.className = "keys";
    help.setAttribute("aria-labelledby", "keys-title");
    const title = root.createElement("h2");
    title.id = "keys-title";
    title.textContent = "Keys";
    const list = root.createElement("dl");
    for (const [key, what] of kKeys) {
      const name = root.createElement("dt");
      const keys = root.createElement("kbd");
      keys.textContent = key;
      name.append(keys);
      const meaning = root.createElement("dd");
      meaning.textContent = what;
      list.append(name, meaning);
    }
    const close = root.createElement("button");
    close.type = "button";
    close.textContent = "Close";
    close.addEventListener("click", () => help?.close());
    help.append(title, list, close);
    root.body.append(help);
  }
  if (help.open) help.close();
  else help.showModal();
}

// What j and k move between: cards where there are some, else the links of lists.
function stopsOf(root: Document): HTMLElement[] {
  const cards = Array.from(root.querySelectorAll<HTMLElement>(".action-card"));
  if (cards.length > 0) return cards;
  return Array.from(root.querySelectorAll<HTMLElement>(".cards .card :is(h3, h4, h5) > a:first-child"));
}

function move(stops: HTMLElement[], at: number, step: number): void {
  const next = stops[Math.min(Math.max(at + step, 0), stops.length - 1)];
  next.focus();
  next.scrollIntoView({ block: next.matches(".action-card") ? "start" : "center" });
}

function onCard(card: HTMLElement, key: string): boolean {
  if (key === "o") {
    const text = card.querySelector<HTMLDetailsElement>("details:not(.rare)");
    if (text) text.open = !text.open;
    return true;
  }
  if (key === "m") {
    const menu = card.querySelector<HTMLDetailsElement>("details.rare");
    if (menu) menu.open = !menu.open;
    return true;
  }
  if (key < "1" || key > "9" || key.length !== 1) return false;
  const shown = Array.from(card.querySelectorAll<HTMLButtonElement>("form button")).filter((button) => button.offsetParent);
  shown[Number(key) - 1]?.click();
  return true;
}

export function enableKeys(root: Document): void {
  const stops = stopsOf(root);
  const named = location.hash ? root.getElementById(location.hash.slice(1)) : null;
  if (named && stops.includes(named)) named.focus();
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isWriting(event.target)) {
      if (event.key === "Escape") (event.target as HTMLElement).blur();
      return;
    }
    if (event.key === "?") {
      showHelp(root);
      event.preventDefault();
      return;
    }
    if (help?.open) return;
    const at = stops.findIndex((stop) => stop.contains(root.activeElement));
    if (event.key === "/") {
      const search = root.querySelector<HTMLInputElement>("form.search input[type=search]");
      if (!search) return;
      search.focus();
      search.select();
    } else if ((event.key === "j" || event.key === "k") && stops.length > 0) {
      move(stops, at, event.key === "j" ? 1 : -1);
    } else if (!(at >= 0 && stops[at].matches(".action-card") && onCard(stops[at], event.key))) {
      return;
    }
    event.preventDefault();
  });
}
