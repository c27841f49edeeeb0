// What can be done on the dashboard's working pages beyond collecting: proposals taken over, notes kept and taken away; and how
// posts, and items that are not there, are shown. For run.mjs, which gives what its checks share.
export async function checkWorkingPages({ base, open, check, checkAccessibility, issuePage, threadPage }) {
  // What the queues propose stands on the plan apart, and can be taken over.
  async function checkProposals() {
    for (const javaScriptEnabled of [true, false]) {
      const what = javaScriptEnabled ? "proposals" : "proposals, no script";
      const { context, page, problems } = await open({ url: `${base}/plan?project=demo` }, { javaScriptEnabled, viewport: { width: 1280, height: 900 } });
      const proposed = page.locator(".action-card[id^=proposed-]");
      const collected = page.locator(".action-card[id^=item-]");
      check((await proposed.count()) > 0 && /The queues propose \d+/.test(await page.locator(".intro").textContent()), `${what}: there are some`);
      check(/Proposed by the queues/.test((await page.locator("h2.over-cards").allTextContents()).join()), `${what}: they stand under a heading of their own`);
      const before = await collected.locator(".forms form:has(input[value=drop])").count();
      const told = async () => Number(/The queues propose (\d+)/.exec(await page.locator(".intro").textContent())?.[1] ?? 0);
      const all = await told();
      await proposed.first().locator("form button").first().click();
      await page.waitForURL(/\/plan\?.*#item-\d+$/);
      check((await collected.locator(".forms form:has(input[value=drop])").count()) === before + 1, `${what}: it is collected`);
      check((await told()) === all - 1, `${what}: it is proposed no more`, `${all}, ${await told()}`);
      await checkAccessibilityOf(page, javaScriptEnabled, what);
      check(problems.length === 0, `${what}: no errors`, problems.join("\n  "));
      await context.close();
    }
  }

  // axe itself needs scripts to run.
  async function checkAccessibilityOf(page, javaScriptEnabled, what) {
    if (javaScriptEnabled) await checkAccessibility(page, what);
  }

  // A note is kept and taken away again, on an item's page and on triage; the page says so.
  async function checkNotes() {
    for (const javaScriptEnabled of [true, false]) {
      for (const path of [issuePage, "/triage?project=demo"]) {
        const what = `note on ${path.split("?")[0]}${javaScriptEnabled ? "" : ", no script"}`;
        const { context, page, problems } = await open({ url: base + path }, { javaScriptEnabled, viewport: { width: 375, height: 900 } });
        const card = page.locator(".action-card:has(input[value=note])").first();
        const field = card.locator("form:has(input[value=note]) input[type=text]");
        const send = async (text) => {
          if (!(await field.isVisible())) await card.locator("details.rare > summary").click();
          await field.fill(text);
          await Promise.all([page.waitForURL(/done=[a-z-]+&on=\d+#item-\d+$/), field.press("Enter")]);
        };
        await send("ask ada <b>first</b>");
        check(/The note is kept/.test(await card.locator(".done").textContent()), `${what}: it says that it is kept`);
        check((await field.inputValue()) === "ask ada <b>first</b>" && /your note/.test(await card.locator("dl").textContent()), `${what}: it is shown`);
        await page.goto(base + path);
        check((await page.locator(".done").count()) === 0, `${what}: nothing is said of it later`);
        await send("");
        check(/The note was removed/.test(await card.locator(".done").textContent()), `${what}: it says that it is removed`);
        check((await field.inputValue()) === "" && !/your note/.test(await card.locator("dl").textContent()), `${what}: it is gone`);
        await checkAccessibilityOf(page, javaScriptEnabled, what);
        check(problems.length === 0, `${what}: no errors`, problems.join("\n  "));
        await context.close();
      }
    }
  }

  // What was written in a channel: paragraphs, quotations, code; nothing of it an element.
  async function checkThread() {
    const { context, page, problems } = await open({ url: base + threadPage }, { javaScriptEnabled: false, viewport: { width: 375, height: 900 } });
    const posts = page.locator(".thread .post .said");
    check((await posts.count()) === 2, "thread: both posts stand there", String(await posts.count()));
    check((await posts.nth(0).locator("pre").textContent()) === "make  all", "thread: code is kept");
    check(/<script>alert/.test(await posts.nth(0).locator("p").first().textContent()), "thread: HTML is text");
    check(/It does not build here/.test(await posts.nth(1).locator("blockquote > p").first().textContent()), "thread: what is quoted is marked");
    check((await posts.nth(1).locator("blockquote blockquote p").textContent()) === "<b>Never</b> did.", "thread: and what that quotes");
    check(/Which compiler\? See https:/.test(await posts.nth(1).locator(":scope > p").last().textContent()), "thread: what is new is not");
    check((await posts.locator("b, script, a").count()) === 0, "thread: nothing that was written is an element");
    check(problems.length === 0, "thread: no errors", problems.join("\n  "));
    await context.close();
  }

  async function checkMissingItem() {
    const { context, page } = await open({ url: `${base}/item/99999999?project=demo` }, { viewport: { width: 375, height: 900 } });
    check(/#99999999/.test(await page.locator("main").textContent()), "missing item: it is named");
    check((await page.locator("main a").count()) === 0, "missing item: it leads nowhere, least of all to itself");
    await checkAccessibility(page, "missing item");
    await context.close();
  }

  await checkProposals();
  await checkNotes();
  await checkThread();
  await checkMissingItem();
}
