// What the browser makes of names that try to be something else (hostile.py): they are drawn and listed as text, run nothing, and leave
// the pages whole. For run.mjs, which gives what its checks share.
export async function checkHostileNames({ base, open, check, settle, checkAccessibility }) {
  const paths = ["/", "/review", "/triage", "/inbox", "/flow", "/people", "/modules", "/report", "/item/299", "/item/300"];
  for (const path of paths)
    for (const width of [375, 1280]) {
      const what = `hostile names on ${path}, ${width} wide`;
      const { context, page, problems, response } = await open({ url: `${base}${path}?project=hostile` }, { viewport: { width, height: 900 } });
      check(response.status() === 200, `${what}: status 200`, String(response.status()));
      await settle(page);
      await page.$$eval("details", (all) => all.forEach((details) => (details.open = true)));
      await settle(page);
      const seen = await page.evaluate(() => ({
        pwned: globalThis.pwned,
        foreign: Array.from(document.querySelectorAll("img, iframe, object, embed, form[action^=http], [onerror], [onload], [onclick], script:not([type])"))
          .filter((each) => !(each.localName === "script" && each === document.scripts[document.scripts.length - 1]))
          .map((each) => each.outerHTML.slice(0, 120)),
        links: Array.from(document.querySelectorAll("a[href]")).map((each) => each.getAttribute("href")).filter((href) => !/^(\/|#|https:\/\/forge\.example\/)/.test(href)),
        overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
        undrawn: Array.from(document.querySelectorAll("figure.chart")).filter((each) => {
          const data = each.querySelector("script")?.textContent;
          const result = data ? JSON.parse(data) : null;
          if (result && !result.rows.some((row) => result.chart.y.some((name) => row[name] !== null))) return false;
          return !each.querySelector("svg[role=img] :is(path, rect, circle, line)");
        }).length,
        figures: document.querySelectorAll("figure.chart").length,
        marks: Array.from(document.querySelectorAll("svg text, svg title, svg [aria-label]"))
          .map((each) => each.textContent + (each.getAttribute("aria-label") ?? "")).filter((text) => /[\u202a-\u202e\u2066-\u2069]/.test(text)),
        text: document.body.innerText,
        proto: ({}).pwned ?? Object.prototype.hasOwnProperty.call(Object.prototype, "y"),
      }));
      check(seen.pwned === undefined && !seen.proto, `${what}: nothing ran`, String(seen.pwned));
      check(seen.foreign.length === 0, `${what}: no element of theirs`, seen.foreign.slice(0, 3).join("\n  "));
      check(seen.links.length === 0, `${what}: links lead to our pages and the forge`, seen.links.slice(0, 3).join("\n  "));
      check(seen.overflow <= 0, `${what}: nothing is wider than the screen`, `${seen.overflow} pixels`);
      check(seen.undrawn === 0, `${what}: every figure is drawn`, `${seen.undrawn} of ${seen.figures}`);
      check(seen.marks.length === 0, `${what}: no mark of direction in a picture`, seen.marks.slice(0, 2).join("\n  "));
      // The others show accounts, or figures alone.
      if (["/", "/review", "/triage", "/modules"].includes(path))
        check(/<img src=x|<\/script>|__proto__/.test(seen.text), `${what}: the names are shown as they are written`);
      if (path === "/flow" || path === "/people") {
        check(seen.figures > 0, `${what}: there are figures`);
        await checkAccessibility(page, what);
      }
      // What a pointer shows.
      for (const figure of await page.locator("figure.chart svg[role=img]").all()) {
        if (!(await figure.isVisible())) continue;
        await figure.hover({ force: true }).catch(() => {});
      }
      check((await page.evaluate(() => globalThis.pwned)) === undefined, `${what}: nothing ran under a pointer`);
      check(problems.length === 0, `${what}: no errors, no foreign requests`, problems.slice(0, 3).join("\n  "));
      await context.close();
    }
}
