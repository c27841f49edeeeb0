// Opens every page of a running dashboard, and a report file, in Chromium, and checks
// what must hold for any project: accessibility (axe; light and dark, wide and
// narrow), drawn plots, no errors in the console, no request to anywhere else, tables
// that sort by keyboard, a project selector that works, and all of it readable
// without JavaScript. Usage: node run.mjs BASE_URL REPORT_HTML. With SCREENSHOTS set,
// pictures of the pages go into that folder.
import { mkdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { checkFinding } from "./finding.mjs";
import { checkHostileNames } from "./hostile.mjs";
import { checkWorkingPages } from "./working_pages.mjs";

const [baseUrl, reportFile] = process.argv.slice(2);
if (!baseUrl || !reportFile) {
  console.error("usage: node run.mjs BASE_URL REPORT_HTML");
  process.exit(2);
}
const base = baseUrl.replace(/\/$/, "");
const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const screenshots = process.env.SCREENSHOTS;
if (screenshots) mkdirSync(screenshots, { recursive: true });

const kPaths = ["/", "/review", "/triage", "/inbox", "/plan", "/flow", "/impact", "/build", "/people", "/modules", "/speed", "/report", "/fleet"];
const kArguments = [
  "--no-sandbox", "--disable-gpu", "--headless", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-quic",
];
const kLargestReport = 20e6, kLargestPage = 300e3;

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

// The first address on a page that begins like that.
async function firstLink(path, beginning) {
  const html = await (await fetch(base + path)).text();
  const found = new RegExp(`href="(${beginning}[^"]*)"`).exec(html)?.[1].replaceAll("&amp;", "&");
  check(found !== undefined, `${path} leads to ${beginning}`);
  return found ?? path;
}
const pullPage = await firstLink("/review", "/item/");
const issuePage = await firstLink("/triage", "/item/");
const threadPage = await firstLink("/inbox", "/thread");
const tablePage = await firstLink("/flow", "/table");

const targets = [
  ...kPaths.map((path) => ({ name: path === "/" ? "today" : path.slice(1), url: base + path })),
  { name: "item-pull", url: base + pullPage },
  { name: "item-issue", url: base + issuePage },
  { name: "thread", url: base + threadPage },
  { name: "table", url: base + tablePage },
  { name: "report-file", url: pathToFileURL(resolve(reportFile)).href },
];

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: kArguments });

// A page that records what went wrong on it.
async function open(target, options) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const problems = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("request", (request) => {
    const url = request.url();
    if (url !== target.url && !url.startsWith(`${base}/`) && !url.startsWith("data:")) problems.push(`request to ${url}`);
  });
  const response = await page.goto(target.url, { waitUntil: "load" });
  return { context, page, problems, response };
}

// Two frames, after which all pictures are drawn.
const settle = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));

async function checkLook(target, colorScheme, width) {
  const what = `${target.name}, ${colorScheme}, ${width} wide`;
  const { context, page, problems, response } = await open(target, { colorScheme, viewport: { width, height: 900 } });
  if (target.url.startsWith("http")) {
    check(response.status() === 200, `${what}: status 200`, String(response.status()));
    const size = (await response.body()).length;
    check(size < kLargestPage, `${what}: small enough for a slow line`, `${size} bytes`);
  }
  await settle(page);

  const undrawn = await page.$$eval("figure.chart", (figures) =>
    figures
      .filter((figure) => {
        const data = figure.querySelector("script")?.textContent;
        const result = data ? JSON.parse(data) : null; // still there: nothing was drawn
        const drawn = result?.chart.y.map((name) => result.columns.findIndex((column) => column.name === name));
        if (result && !result.rows.some((row) => drawn.some((at) => row[at] !== null))) return false;
        const svg = figure.querySelector("svg[role=img]");
        return !svg || !svg.getAttribute("aria-label") || svg.querySelectorAll("path, rect, circle, line").length === 0;
      })
      .map((figure) => figure.closest("[data-result]")?.getAttribute("data-result")));
  check(undrawn.length === 0, `${what}: every figure is drawn and named`, undrawn.join(", "));

  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(overflow <= 0, `${what}: nothing is wider than the screen`, `${overflow} pixels`);
  check((await page.locator("h1").count()) === 1, `${what}: one main heading`);
  await checkFigures(page, what, width);
  if (screenshots) await page.screenshot({ path: `${screenshots}/${target.name}-${colorScheme}-${width}.png`, fullPage: true });
  await checkAccessibility(page, what);
  check(problems.length === 0, `${what}: no errors, no foreign requests`, problems.slice(0, 3).join("\n  "));
  await context.close();
}

// Figures as people write them, and rows of many columns as lists where there is no room for columns.
async function checkFigures(page, what, width) {
  const said = await page.$$eval(".result .claim, .result td, .result tbody th, .result svg text", (all) => all.map((each) => each.textContent));
  const odd = said.filter((text) => /(^|[^\w.])\d+(\.\d+)?e[-+]\d+\b|\d %|\d%|\bNaN\b|(^|[^\d.])0[ \u00a0]s\b/.test(text));
  check(odd.length === 0, `${what}: figures as people write them`, odd.slice(0, 3).join("\n  "));
  if (width > 640) return;
  const cut = await page.$$eval("table.sheets", (tables) =>
    tables.filter((table) => table.scrollWidth > table.closest(".scroll").clientWidth ||
      Array.from(table.querySelectorAll("tbody td")).some((cell) => !cell.dataset.label)).map((table) => table.caption.textContent));
  check(cut.length === 0, `${what}: rows of many columns are lists`, cut.join(", "));
}

// With all that opens on demand open, so that axe sees it.
async function checkAccessibility(page, what) {
  await page.$$eval("details", (all) => all.forEach((details) => (details.open = true)));
  await settle(page);
  await page.evaluate(axeSource);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run());
  const detail = violations.map((one) => `${one.id}: ${one.nodes.length} × ${one.nodes[0].html.slice(0, 160)}`).join("\n  ");
  check(violations.length === 0 && passes.length > 10, `${what}: axe finds nothing`, detail);
}

async function checkWithoutScript(target) {
  const { context, page } = await open(target, { javaScriptEnabled: false, viewport: { width: 1280, height: 900 } });
  const results = page.locator(".result");
  for (let i = 0; i < (await results.count()); ++i) {
    const result = results.nth(i);
    const shown = result.locator("table, ol.cards, .nothing").first();
    const name = await result.getAttribute("data-result");
    check((await shown.count()) === 0 || (await shown.isVisible()), `${target.name}, no script: ${name} can be read`);
  }
  check(await page.locator("main").isVisible(), `${target.name}, no script: the page can be read`);
  await context.close();
}

async function checkSorting(target) {
  const { context, page } = await open(target, { viewport: { width: 1280, height: 900 } });
  await page.$$eval("details", (all) => all.forEach((details) => (details.open = true)));
  const buttons = page.locator("th .sort");
  if ((await buttons.count()) > 0) {
    const button = buttons.first();
    const head = page.locator("th:has(.sort)").first();
    const column = () =>
      head.evaluate((cell) =>
        Array.from(cell.closest("table").tBodies[0].rows, (row) => row.cells[cell.cellIndex].dataset.value ?? row.cells[cell.cellIndex].textContent));
    const before = (await column()).sort().join("\n");
    await button.focus();
    await page.keyboard.press("Enter");
    const first = await head.getAttribute("aria-sort");
    const once = await column();
    await page.keyboard.press("Space");
    const second = await head.getAttribute("aria-sort");
    const twice = await column();
    check(["ascending", "descending"].includes(first) && second !== first && second !== null, `${target.name}: aria-sort follows the keyboard`,
          `${first}, ${second}`);
    check([...once].sort().join("\n") === before && [...twice].sort().join("\n") === before, `${target.name}: sorting loses no row`);
    check(new Set(once).size < 2 || once.join("\n") !== twice.join("\n"), `${target.name}: sorting changes the order`);
  }
  const more = page.locator("button.show-all");
  if ((await more.count()) > 0) {
    const all = Number((await more.first().textContent()).replace(/\D/g, ""));
    const table = page.locator(".long-table table").first();
    await more.first().focus();
    await page.keyboard.press("Enter");
    check((await table.locator("tbody tr:visible").count()) === all, `${target.name}: all rows are shown on demand`);
  }
  await context.close();
}

async function checkKeyboard(target) {
  const { context, page } = await open(target, { viewport: { width: 1280, height: 900 } });
  await page.keyboard.press("Tab");
  const skip = page.locator(".skip");
  check(await skip.evaluate((link) => link === document.activeElement), `${target.name}: the first stop is the skip link`);
  await page.keyboard.press("Enter");
  check(await page.evaluate(() => document.activeElement?.id === "main"), `${target.name}: the skip link leads to the content`);
  await context.close();
}

async function checkSelector() {
  for (const javaScriptEnabled of [true, false]) {
    const what = javaScriptEnabled ? "selector" : "selector, no script";
    const { context, page, problems } = await open({ url: `${base}/flow` }, { javaScriptEnabled, viewport: { width: 1280, height: 900 } });
    const select = page.locator("select[name=project]");
    check((await select.count()) === 1, `${what}: there is one`);
    const values = await select.locator("option").evaluateAll((options) => options.map((option) => option.value));
    const wanted = values[values.length - 1];
    await select.selectOption(wanted);
    await page.locator("input[name=as_of]").fill("2023-06-30");
    await Promise.all([page.waitForURL(/as_of=/), page.locator("header.top form:not(.search) button").click()]);
    const url = new URL(page.url());
    check(url.pathname === "/flow" && url.searchParams.get("project") === wanted && url.searchParams.get("as_of") === "2023-06-30",
          `${what}: asks for project and date`, page.url());
    check((await select.inputValue()) === wanted, `${what}: the project stays chosen`);
    const link = await page.locator("nav a").nth(2).getAttribute("href");
    check(new URL(link, base).searchParams.get("project") === wanted, `${what}: other pages keep the project`, link);
    check(problems.length === 0, `${what}: no errors`, problems.join("\n  "));
    await context.close();
  }
}

// A page of before says so at once, and again when the newer one is there.
async function checkOlderPage() {
  const context = await browser.newContext({ viewport: { width: 375, height: 900 } });
  const page = await context.newPage();
  await page.route("**/flow", async (route) => {
    const response = await route.fetch();
    if (route.request().method() === "HEAD") return route.fulfill({ response });
    const main = '<main id="main" tabindex="-1">\n';
    const body = (await response.text()).replace(main, `${main}<p class="older" role="status">This page is of before; a newer one is being made. <a href="/flow">Show the newer one</a></p>\n`);
    await route.fulfill({ response, body });
  });
  await page.goto(`${base}/flow`);
  const notice = page.locator("p.older");
  check(await notice.isVisible(), "an older page says so");
  await checkAccessibility(page, "an older page");
  if (screenshots) await page.screenshot({ path: `${screenshots}/older.png` });
  const told = await page.waitForFunction(() => document.querySelector("p.older")?.textContent.startsWith("A newer page is there"), undefined, { timeout: 20_000 }).catch(() => null);
  check(told !== null && (await notice.locator("a").count()) === 1, "an older page tells when the newer one is there", await notice.textContent());
  await context.close();
}

async function checkAddresses() {
  const get = (path, options) => fetch(base + path, options);
  check((await get("/health")).status === 200, "/health answers");
  check((await get("/no-such-page")).status === 404, "an unknown page is 404");
  check((await get("/flow?project=no-such-project")).status === 404, "an unknown project is 404");
  check((await get("/flow?as_of=yesterday")).status === 400, "a bad date is 400");
  check((await get("/flow", { method: "POST" })).status === 405, "writing is refused");
  const html = await (await get("/flow")).text();
  const api = /href="(\/api\/[^"]+)"/.exec(html)?.[1].replaceAll("&amp;", "&");
  if (api) {
    const response = await get(api);
    const json = await response.json().catch(() => null);
    const first = Array.isArray(json) ? json[0] : json;
    check(response.status === 200 && Array.isArray(first?.rows), `${api} gives the figures as JSON`);
  }
  const policy = (await get("/")).headers.get("content-security-policy") ?? "";
  check(policy.includes("default-src 'none'") && !policy.includes("unsafe"), "the content policy is strict", policy);
}

// The triage page collects into the plan, by mouse and by keyboard, and only from its own forms.
async function checkTriage() {
  for (const javaScriptEnabled of [true, false]) {
    const what = javaScriptEnabled ? "triage" : "triage, no script";
    const { context, page, problems } = await open({ url: `${base}/triage` }, { javaScriptEnabled, viewport: { width: 1280, height: 900 } });
    const cards = page.locator(".action-card");
    check((await cards.count()) > 1, `${what}: there are cards`);
    const planned = async () => Number(/(\d+) actions? in the plan/.exec(await page.locator(".intro").textContent())?.[1]);
    const before = await planned();
    const openMenu = async (at) => {
      const menu = cards.nth(at).locator("details.rare");
      if (!(await menu.evaluate((element) => element.open))) await menu.locator(":scope > summary").click();
    };
    await openMenu(1);
    const label = cards.nth(1).locator("form:has(input[value=label]) input[name=content][type=text]").last();
    await label.fill(javaScriptEnabled ? "said by keyboard" : "said by mouse");
    if (javaScriptEnabled) {
      await label.press("Enter");
    } else {
      await cards.nth(1).locator("form:has(input[value=label]) button").last().click();
    }
    await page.waitForURL(/#item-\d+$/);
    check((await planned()) === before + 1, `${what}: a label is planned`, String(await planned()));
    if (javaScriptEnabled) {
      check(await cards.nth(1).evaluate((card) => card === document.activeElement), `${what}: the card keeps the focus`);
      await page.keyboard.press("k");
      check(await cards.nth(0).evaluate((card) => card === document.activeElement), `${what}: k moves back`);
      await page.keyboard.press("j");
      await page.keyboard.press("o");
      check(await cards.nth(1).locator("details:not(.rare)").evaluateAll((all) => all.every((each) => each.open)), `${what}: o shows the text`);
      const first = await cards.nth(0).getAttribute("id");
      await page.keyboard.press("k");
      const snooze = cards.nth(0).locator("form:has(input[value=snooze])");
      await page.keyboard.press("m");
      check(await snooze.locator("input[name=content]").isVisible(), `${what}: m opens the actions`);
      await snooze.locator("input[name=content]").fill("never");
      await snooze.locator("button").click();
      check(/number of days/.test(await page.locator("main").textContent()), `${what}: what is no number of days is refused in words`);
      await page.goBack();
      await openMenu(0);
      await snooze.locator("input[name=content]").fill("7");
      await snooze.locator("button").click();
      await page.waitForFunction((id) => document.getElementById(id) === null, first);
      check((await page.locator(`#${first}`).count()) === 0, `${what}: what is snoozed is gone`);
      await page.locator(".undo button").click();
      await page.waitForFunction((id) => document.getElementById(id) !== null, first);
      check((await page.locator(`#${first}`).count()) === 1, `${what}: and comes back where that is taken back`);
      const undone = await planned();
      await cards.nth(1).focus();
      await page.keyboard.press("1");
      await page.waitForURL(/done=planned/);
      check((await planned()) === undone + 1 && /It is in the plan now/.test(await page.locator(".done").textContent()), `${what}: a key plans, and it is said`);
      await page.locator(".undo button").click();
      await page.waitForURL(/done=dropped/);
      check((await planned()) === undone, `${what}: what was planned is taken back`);
    }
    const loud = problems.filter((each) => !/status of 400/.test(each));
    check(loud.length === 0, `${what}: no errors`, loud.join("\n  "));
    await context.close();
  }
  const html = await (await fetch(`${base}/triage`)).text();
  const value = (name) => new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1] ?? "";
  const body = (more) => new URLSearchParams({ token: value("token"), project: value("project"), item: value("item"), kind: "label", content: "forged", ...more });
  const send = (more, headers = {}) => fetch(`${base}/plan`, { method: "POST", body: body(more), headers, redirect: "manual" });
  check((await send({ token: "0".repeat(32) })).status === 403, "a form without the page's token is refused");
  check((await send({}, { Origin: "http://elsewhere.example" })).status === 403, "a form of another site is refused");
  check((await send({ kind: "explode" })).status === 400, "what is no action is refused");
  check((await send({ item: "999999999" })).status === 400, "an item that is not there is refused");
  check((await send({ back: "//elsewhere.example/" })).headers.get("location").startsWith("/triage?"), "nobody is sent elsewhere");
  check(!(await (await fetch(`${base}/triage?as_of=2025-01-01`)).text()).includes('name="token"'), "the past has no forms");
  check((await fetch(`${base}/triage?from=x`)).status === 400, "a place that is no number is refused");
}

// The review page plans a session for the time there is; its cards lead to items and collect.
async function checkReview() {
  for (const javaScriptEnabled of [true, false]) {
    const what = javaScriptEnabled ? "review" : "review, no script";
    const { context, page, problems } = await open({ url: `${base}/review` }, { javaScriptEnabled, viewport: { width: 1280, height: 900 } });
    const cards = page.locator(".action-card");
    const before = await cards.count();
    check(before > 0, `${what}: a session is planned`);
    await page.locator("form.choice input[name=minutes]").fill("1");
    await Promise.all([page.waitForURL(/minutes=1(&|$)/), page.locator("form.choice button").click()]);
    check((await cards.count()) === 0 && /Nothing fits/.test(await page.locator(".intro").textContent()), `${what}: nothing fits into a minute`);
    check((await page.locator("[data-result^=review_queue_] ol.cards > li").count()) > 0, `${what}: the queue stands below`);
    await page.locator("form.choice input[name=minutes]").fill("600");
    await Promise.all([page.waitForURL(/minutes=600/), page.locator("form.choice button").click()]);
    check((await cards.count()) >= before, `${what}: more time, no less to do`);
    if (javaScriptEnabled) {
      await page.keyboard.press("j");
      check(await cards.nth(0).evaluate((card) => card === document.activeElement), `${what}: j moves to the first`);
      await page.keyboard.press("1");
    } else {
      await cards.nth(0).locator("form button").first().click();
    }
    await page.waitForURL(/minutes=600.*#item-\d+$/);
    check(/\d+ actions? in the plan/.test(await page.locator(".intro").textContent()), `${what}: the form leads back to the same session`);
    await Promise.all([page.waitForURL(/\/item\/\d+/), cards.nth(0).locator("h3 a").first().click()]);
    check((await page.locator("[data-result=readiness] td[data-state]").count()) > 5, `${what}: a card leads to its checklist`);
    check(problems.length === 0, `${what}: no errors`, problems.join("\n  "));
    await context.close();
  }
  check(/No session/.test(await (await fetch(`${base}/review?mine=yes&me=nobody-here`)).text()), "review: nobody is told so in words");
}

// An item's page collects and leads back; what is collected can be taken out of the plan.
async function checkItemAndPlan() {
  const { context, page, problems } = await open({ url: base + issuePage }, { javaScriptEnabled: false, viewport: { width: 375, height: 900 } });
  const card = page.locator(".action-card");
  await card.locator("details.rare summary").click();
  await card.locator("form:has(input[value=comment]) textarea").last().fill("Thank you.\n<script>alert(1)</script>");
  await card.locator("details.rare form:has(input[value=comment]) button").click();
  await page.waitForURL(/\/item\/\d+.*#item-\d+$/);
  await page.goto(`${base}/plan`);
  const forms = page.locator("form:has(input[value=drop])");
  const before = await forms.count();
  check(before > 0, "plan: what was collected stands there");
  check(/<script>alert/.test(await page.locator(".action-card dl").allTextContents().then((all) => all.join())), "plan: a comment is shown as it is");
  check(/resident plan --collected --apply --project demo/.test(await page.locator("main pre").first().textContent()), "plan: the command that would send it");
  await page.locator("form:has(input[value=drop]) button", { hasText: "comment" }).last().click();
  await page.waitForURL(/\/plan\?/);
  check((await forms.count()) === before - 1, "plan: it is taken out", `${before}, ${await forms.count()}`);
  check(problems.length === 0, "item and plan: no errors", problems.join("\n  "));
  await context.close();
  const get = async (path) => (await fetch(base + path)).text();
  for (const path of [pullPage, issuePage, "/review?project=demo", "/inbox?project=demo", "/plan?project=demo", "/triage?project=demo"]) {
    check(!(await get(`${path}&as_of=2025-06-01`)).includes('name="token"'), `${path}: the past has no forms`);
    const html = await get(path);
    for (const [, address] of html.matchAll(/href="(\/api\/[^"]+)"/g)) {
      if (address.includes("format=")) continue; // CSV and Markdown
      const response = await fetch(base + address.replaceAll("&amp;", "&"));
      const json = await response.json().catch(() => null);
      check(response.status === 200 && Array.isArray((Array.isArray(json) ? json[0] : json)?.rows), `${path}: ${address} is JSON`);
    }
  }
  check((await fetch(`${base}/item/99999999`)).status === 404, "an item that is not there is 404");
  check((await fetch(`${base}/item/x`)).status === 404, "what is no number is 404");
}

check(statSync(reportFile).size < kLargestReport, "the report file is of a sensible size");
for (const target of targets) {
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 375]) {
      // The report file is made of the same parts as the pages, all in one: axe takes minutes for each look at it.
      if (target.name === "report-file" && (colorScheme === "dark") !== (width === 375)) continue;
      await checkLook(target, colorScheme, width);
    }
  }
  await checkWithoutScript(target);
  await checkSorting(target);
  await checkKeyboard(target);
  console.log(`${target.name}: ${passed} passed, ${failed} failed so far`);
}
await checkSelector();
await checkTriage();
await checkReview();
await checkItemAndPlan();
await checkFinding({ base, open, check, checkAccessibility });
await checkWorkingPages({ base, open, check, checkAccessibility, issuePage, threadPage });
await checkHostileNames({ base, open, check, settle, checkAccessibility });
await checkOlderPage();
await checkAddresses();
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
