// Keys on pages with cards: j and k move from card to card, 1 to 9 press the buttons
// of the card that has the focus and are shown, o shows its text. Nothing while somebody is writing.

function isWriting(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select");
}

export function enableKeys(root: Document): void {
  const cards = Array.from(root.querySelectorAll<HTMLElement>(".action-card"));
  if (cards.length === 0) return;
  const named = location.hash ? root.getElementById(location.hash.slice(1)) : null;
  if (named && cards.includes(named)) named.focus();
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    const at = cards.findIndex((card) => card.contains(root.activeElement));
    if (event.key === "j" || event.key === "k") {
      const next = event.key === "j" ? Math.min(at + 1, cards.length - 1) : Math.max(at - 1, 0);
      cards[next].focus();
      cards[next].scrollIntoView({ block: "start" });
    } else if (at >= 0 && event.key === "o") {
      const text = cards[at].querySelector<HTMLDetailsElement>("details:not(.rare)");
      if (text) text.open = !text.open;
    } else if (at >= 0 && event.key >= "1" && event.key <= "9") {
      const shown = Array.from(cards[at].querySelectorAll<HTMLButtonElement>("form button")).filter((button) => button.offsetParent);
      shown[Number(event.key) - 1]?.click();
    } else {
      return;
    }
    event.preventDefault();
  });
}
