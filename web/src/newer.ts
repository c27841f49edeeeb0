// A page asks now and then whether sources were read since it was made. One that only shows is then shown anew; where
// somebody works, or reads far down, a line says so instead: nothing is exchanged under the reader's hands.
const BETWEEN = 2000; // ms, for a page that is being made
const WATCH = 15000; // ms, between two questions whether there is a newer state

function watchOlder(older: HTMLElement): void {
  const link = older.querySelector("a");
  let asked = 0;
  const ask = async (): Promise<void> => {
    asked += 1;
    try {
      const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" });
      if (answer.ok && !answer.headers.has("X-Resident-Page")) {
        older.textContent = "A newer page is there. ";
        if (link) older.append(link);
        return;
      }
    } catch {
      // The server is away; it may come back.
    }
    setTimeout(ask, BETWEEN * Math.min(asked, 15));
  };
  setTimeout(ask, BETWEEN);
}

// Whether exchanging the page would take something away: a field that was filled, a menu that was opened, a place.
function isInUse(root: Document): boolean {
  if (root.querySelector(".action-card, dialog[open]") || window.scrollY > 200) return true;
  const fields = Array.from(root.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input, textarea"));
  return fields.some((field) => field === root.activeElement || (field.type !== "checkbox" && field.value !== field.defaultValue));
}

function say(root: Document): void {
  const main = root.querySelector("main");
  if (!main || main.querySelector("p.older")) return;
  const line = root.createElement("p");
  line.className = "older";
  line.setAttribute("role", "status");
  line.textContent = "Something was read since. ";
  const link = root.createElement("a");
  link.href = location.href;
  link.textContent = "Show the newer page";
  link.addEventListener("click", (event) => {
    event.preventDefault();
    location.reload();
  });
  line.append(link);
  main.prepend(line);
}

export function watchForNewer(root: Document): void {
  const older = root.querySelector<HTMLElement>("p.older");
  if (older) return watchOlder(older);
  const made = root.querySelector<HTMLMetaElement>('meta[name="resident-state"]')?.content;
  if (!made) return;
  const watch = async (): Promise<void> => {
    if (root.visibilityState === "visible") {
      try {
        const answer = await fetch("/state", { cache: "no-store" });
        const state = (await answer.text()).trim();
        if (answer.ok && state && state !== made) {
          if (!isInUse(root)) return location.reload();
          return say(root);
        }
      } catch {
        // The server is away; it may come back.
      }
    }
    setTimeout(watch, WATCH);
  };
  setTimeout(watch, WATCH);
}
