// A page that is older than what is known asks now and then whether the new one is there,
// and says so; it is not exchanged under the reader's eyes.
const BETWEEN = 2000; // ms

export function watchForNewer(root: Document): void {
  const older = root.querySelector<HTMLElement>("p.older");
  if (!older) return;
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
