// Opens the pages of sites (`resident site`) from the disk in Chromium, and checks what must hold for any: accessibility
// (axe; light and dark, wide and narrow), drawn plots, no errors, no request to anything but the site's own files, all of
// it readable without JavaScript and on paper, links that lead on. Usage: node site.mjs SITE…. With SCREENSHOTS set,
// pictures of the pages go into that folder.
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const sites = process.argv.slice(2).map((each) => resolve(each));
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const screenshots = process.env.SCREENSHOTS;
if (screenshots) mkdirSync(screenshots, { recursive: true });

let passed = 0;
let failed = 0;
function check(holds, what, detail = "") {
  if (holds) {
    ++passed;
  } else {
    ++failed;
    console.log(`FAILED: ${what}${detail ? `\n  ${detail}` : ""}`);
  }
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--headless", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});

const settle = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

async function open(site, file, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const problems = [];
  const root = `${pathToFileURL(site).href}/`;
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith("data:") && !(url.startsWith(root) && existsSync(fileURLToPath(url.split(/[?#]/)[0])))) problems.push(`request to ${url}`);
  });
  await page.goto(pathToFileURL(join(site, file)).href, { waitUntil: "load" });
  return { context, page, problems };
}

async function checkLook(site, file, colorScheme, width) {
  const what = `${basename(site)}/${file}, ${colorScheme}, ${width} wide`;
  const { context, page, problems } = await open(site, file, { colorScheme, viewport: { width, height: 900 } });
  await settle(page);
  const seen = await page.evaluate(() => ({
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    headings: document.querySelectorAll("h1").length,
    style: getComputedStyle(document.querySelector("main")).maxWidth,
    undrawn: Array.from(document.querySelectorAll("figure.chart"))
      .filter((figure) => {
        const data = figure.querySelector("script")?.textContent;
        const result = data ? JSON.parse(data) : null; // still there: nothing was drawn
        const drawn = result?.chart.y.map((name) => result.columns.findIndex((column) => column.name === name));
        if (result && !result.rows.some((row) => drawn.some((at) => row[at] !== null))) return false;
        return !figure.querySelector("svg[role=img] :is(path, rect, circle, line)");
      })
      .map((figure) => figure.closest("[data-result]")?.getAttribute("data-result")),
    pwned: globalThis.pwned,
    forms: document.querySelectorAll("form").length,
  }));
  check(seen.overflow <= 0, `${what}: nothing is wider than the screen`, `${seen.overflow} pixels`);
  check(seen.headings === 1, `${what}: one main heading`);
  check(seen.style !== "none", `${what}: the style sheet is taken`);
  check(seen.undrawn.length === 0, `${what}: every figure is drawn`, seen.undrawn.join(", "));
  check(seen.pwned === undefined && seen.forms === 0, `${what}: nothing of others runs, and no form is there`);
  const hints = await page.$$eval("main :is(.claim, dd)", (all) => all.map((each) => each.textContent).filter((text) => /\bresident [a-z-]{3,}|(^|[ (])--[a-z]/.test(text.replace(/git blame --first-parent/g, ""))));
  check(hints.length === 0, `${what}: no commands that its readers cannot give`, hints.slice(0, 2).join("\n  "));
  if (screenshots) await page.screenshot({ path: `${screenshots}/${basename(site)}-${file.replaceAll("/", "-")}-${colorScheme}-${width}.png`, fullPage: true });
  await page.$$eval("details", (all) => all.forEach((details) => (details.open = true)));
  await settle(page);
  await page.evaluate(axeSource);
  // The policy lets nothing be asked for, not even our own style sheet.
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run({ preload: false }));
  const detail = violations.map((one) => `${one.id}: ${one.nodes.length} × ${one.nodes[0].html.slice(0, 160)}`).join("\n  ");
  check(violations.length === 0 && passes.length > 10, `${what}: axe finds nothing`, detail);
  check(problems.length === 0, `${what}: no errors, no foreign requests`, problems.slice(0, 3).join("\n  "));
  await context.close();
}

async function checkWithoutScript(site, file) {
  const what = `${basename(site)}/${file}, no script`;
  const { context, page } = await open(site, file, { javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
  const results = page.locator(".result");
  for (let i = 0; i < (await results.count()); ++i) {
    const shown = results.nth(i).locator("table, ol.cards, .nothing").first();
    check((await shown.count()) === 0 || (await shown.isVisible()), `${what}: ${await results.nth(i).getAttribute("data-result")} can be read`);
  }
  check(/as of \d{4}-\d\d-\d\d/i.test(await page.locator("body").innerText()), `${what}: it says of when it is`);
  await context.close();
}

// On paper the addresses of a page and its tables are there, and nothing is cut off at the side.
async function checkPrint(site, file) {
  const { context, page } = await open(site, file, { viewport: { width: 720, height: 1000 } });
  await page.emulateMedia({ media: "print" });
  await settle(page);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  const cut = await page.$$eval(".scroll", (all) => all.filter((each) => each.scrollWidth > each.clientWidth).map((each) => `${each.getAttribute("aria-label")}: ${each.scrollWidth - each.clientWidth} pixels`));
  check(cut.length === 0, `${basename(site)}/${file}, print: no table is cut off`, cut.join("\n  "));
  check(overflow <= 0 && (await page.locator("h1").isVisible()), `${basename(site)}/${file}, print: it fits`, `${overflow} pixels`);
  check((await page.pdf({ format: "A4" })).length > 1000, `${basename(site)}/${file}, print: it prints`);
  if (screenshots) await page.screenshot({ path: `${screenshots}/${basename(site)}-${file.replaceAll("/", "-")}-print.png`, fullPage: true });
  await context.close();
}

// From the first page to a week's report, to the one before and back, by links alone.
async function checkWalk(site) {
  const { context, page, problems } = await open(site, "index.html", { viewport: { width: 1280, height: 900 } });
  const goTo = async (locator) => Promise.all([page.waitForLoadState("load"), locator.first().click()]);
  await goTo(page.locator("nav a", { hasText: "Reports" }));
  check((await page.locator("nav a[aria-current=page]").innerText()) === "Reports", "walk: where one is stands in the navigation");
  await goTo(page.locator("main td a"));
  const newest = page.url();
  check(/reports\/\d{4}-W\d\d\.html$/.test(newest), "walk: to the newest report", newest);
  check((await page.locator("nav a[aria-current=true]").innerText()) === "Reports", "walk: a report stands under Reports");
  await goTo(page.locator("a", { hasText: "The one before" }));
  check(page.url() !== newest, "walk: to the one before");
  await goTo(page.locator("a", { hasText: "The next one" }));
  check(page.url() === newest, "walk: and back", page.url());
  await goTo(page.locator(".brand a"));
  check(page.url().endsWith("/index.html"), "walk: to the first page", page.url());
  check(problems.length === 0, "walk: no errors", problems.join("\n  "));
  await context.close();
}

for (const site of sites) {
  const files = readdirSync(site, { recursive: true }).filter((each) => each.endsWith(".html")).sort();
  // Of pages of one kind, the newest.
  const shown = files.filter((each) => !each.includes("/"));
  for (const folder of ["releases/", "reports/", "modules/"]) {
    const all = files.filter((each) => each.startsWith(folder));
    if (all.length > 0) shown.push(all.at(-1));
  }
  const isFirst = site === sites[0];
  check(shown.length > (isFirst ? 8 : 3), `${basename(site)}: there are pages`, shown.join(", "));
  for (const file of shown) {
    // Where the site's address is known, that page leads there by addresses of the host's: from a disk they lead nowhere.
    if (file === "404.html" && isFirst) continue;
    for (const [colorScheme, width] of [["light", 1280], ["dark", 360]]) await checkLook(site, file, colorScheme, width);
    if (file === "404.html") continue;
    await checkWithoutScript(site, file);
    if (isFirst) await checkPrint(site, file);
  }
  if (isFirst) await checkWalk(site);
  console.log(`${basename(site)}: ${passed} passed, ${failed} failed so far`);
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
