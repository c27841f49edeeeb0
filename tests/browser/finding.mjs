// Finding one's way: the search box, keys, filters that stand in the address, pages of a person and a label, lists as files,
// names of several people, and pages that know when they are old. For run.mjs, which gives what its checks share.
export async function checkFinding({ base, open, check, checkAccessibility }) {
  const wide = { width: 1280, height: 900 };

  async function checkSearch() {
    for (const javaScriptEnabled of [true, false]) {
      const what = javaScriptEnabled ? "search" : "search, no script";
      const { context, page, problems } = await open({ url: `${base}/flow?project=demo` }, { javaScriptEnabled, viewport: wide });
      const box = page.locator("form.search input[type=search]");
      if (javaScriptEnabled) {
        await page.keyboard.press("/");
        check(await box.evaluate((element) => element === document.activeElement), `${what}: / leads to the box`);
      }
      await box.fill("fails is:open");
      await Promise.all([page.waitForURL(/\/search\?.*q=fails/), box.press("Enter")]);
      check((await page.locator("[data-result=search] ol.cards > li").count()) > 0, `${what}: something is found`);
      check((await box.inputValue()) === "fails is:open" && new URL(page.url()).searchParams.get("project") === "demo", `${what}: words and project stay`);
      if (javaScriptEnabled) await checkAccessibility(page, what);
      await page.goto(`${base}/search?project=demo&q=author%3A`);
      check((await page.locator(".intro").textContent()).length > 20 && (await page.locator("main").textContent()).includes("author"), `${what}: what asks nothing is answered in words`);
      check(problems.length === 0, `${what}: no errors`, problems.join("\n  "));
      await context.close();
    }
  }

  async function checkKeys() {
    const { context, page, problems } = await open({ url: `${base}/?project=demo` }, { viewport: wide });
    await page.keyboard.press("?");
    const help = page.locator("dialog.keys");
    check(await help.isVisible(), "keys: ? shows them");
    check((await help.locator("dt").count()) > 5, "keys: all of them");
    await checkAccessibility(page, "keys");
    await page.keyboard.press("Escape");
    check(!(await help.isVisible()), "keys: Escape closes them");
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    const second = page.locator(".cards .card a").first();
    check(await page.evaluate(() => document.activeElement?.closest(".card") === document.querySelectorAll(".cards .card")[1]), "keys: j goes down the list");
    check((await second.count()) === 1, "keys: entries are links");
    check(problems.length === 0, "keys: no errors", problems.join("\n  "));
    await context.close();
  }

  async function checkToday() {
    const { context, page, problems } = await open({ url: `${base}/?project=demo` }, { viewport: wide });
    const verbs = await page.locator("h3.verb").allTextContents();
    check(verbs.length > 1, "today: it stands by what is to be done", verbs.join());
    check((await page.locator(".verbs a").count()) === verbs.length, "today: each verb is led to");
    const entry = page.locator(".card:has(form.action)").first();
    const title = await entry.locator("h4").textContent();
    await entry.locator("form.action button").click();
    await page.waitForURL(/done=snoozed/);
    check(!(await page.locator(".cards h4").allTextContents()).includes(title), "today: what is put off is gone");
    check(/1 thing is put off/.test(await page.locator(".intro").textContent()), "today: and counted");
    await page.locator(".undo button").click();
    await page.waitForURL(/done=unsnoozed/);
    check((await page.locator(".cards h4").allTextContents()).includes(title), "today: and comes back");
    check(problems.length === 0, "today: no errors", problems.join("\n  "));
    await context.close();
  }

  async function checkFilters() {
    const { context, page, problems } = await open({ url: `${base}/review?project=demo` }, { javaScriptEnabled: false, viewport: wide });
    const entries = page.locator("[data-result^=review_queue_] ol.cards > li");
    const all = await entries.count();
    await page.locator("form.choice select[name=turn]").selectOption("author");
    await page.locator("form.choice select[name=sort]").selectOption("age");
    await Promise.all([page.waitForURL(/turn=author.*sort=age/), page.locator("form.choice button").click()]);
    const some = await entries.count();
    check(some > 0 && some < all, "filters: fewer rows", `${some} of ${all}`);
    check((await page.locator("[data-result^=review_queue_]").count()) === 1, "filters: of that turn alone");
    check(/the oldest first/.test(await page.locator("[data-result=review_queue_author] .claim").textContent()), "filters: the order is said");
    await page.goto(`${base}/triage?project=demo&older=soon`);
    check(/Not as it was asked for/.test(await page.locator(".intro").textContent()), "filters: what is no number is said");
    check(problems.length === 0, "filters: no errors", problems.join("\n  "));
    await context.close();
  }

  async function checkSubjects() {
    const { context, page, problems } = await open({ url: `${base}/?project=demo` }, { viewport: wide });
    await Promise.all([page.waitForURL(/\/person\?.*of=/), page.locator(".card .more a").first().click()]);
    check((await page.locator("[data-result=person] tbody tr").count()) > 3, "person: what is known of them");
    check((await page.locator("[data-result=person_activity] figure svg").count()) > 0, "person: their months are drawn");
    await checkAccessibility(page, "person");
    await page.goto(`${base}/triage?project=demo`);
    const labelled = await (await fetch(`${base}/api/triage_queue?project=demo`)).json();
    const label = labelled.rows.map((row) => row.labels).find((labels) => labels && !labels.includes(","));
    await page.goto(`${base}/label?project=demo&of=${encodeURIComponent(label)}`);
    check((await page.locator("[data-result=label] ol.cards > li").count()) > 0, "label: what bears it", label);
    const link = await page.locator("[data-result=label] .download a", { hasText: "CSV" }).getAttribute("href");
    const csv = await fetch(base + link);
    check(csv.status === 200 && /^text\/csv/.test(csv.headers.get("content-type")) && /^kind,number,title/.test(await csv.text()), "label: as CSV", link);
    await page.goto(`${base}/label?project=demo&of=no-such-label`);
    check(/no item has or had the label/.test(await page.locator("main").textContent()), "label: one that is not there is said");
    check(problems.filter((each) => !/status of 400/.test(each)).length === 0, "subjects: no errors", problems.join("\n  "));
    await context.close();
  }

  async function checkUsers() {
    const { context, page, problems } = await open({ url: `${base}/triage?project=demo` }, { viewport: wide });
    await page.locator("form.user input[name=content]").fill("Zoë");
    await Promise.all([page.waitForURL(/\/triage/), page.locator("form.user button").click()]);
    check((await page.locator("form.user input[name=content]").inputValue()) === "Zoë", "users: the name is kept");
    const card = page.locator(".action-card").first();
    await card.locator("details.rare > summary").click();
    await card.locator("form:has(input[value=note]) input[type=text]").fill("mine alone");
    await Promise.all([page.waitForURL(/note-kept/), card.locator("form:has(input[value=note]) button").click()]);
    check(/mine alone/.test(await card.locator("dl").textContent()), "users: their note stands there");
    const other = await (await fetch(`${base}/triage?project=demo`)).text();
    check(!other.includes("mine alone"), "users: and nobody else sees it");
    await card.locator("details.rare > summary").click();
    await card.locator("form:has(input[value=note]) input[type=text]").fill("");
    await Promise.all([page.waitForURL(/note-removed/), card.locator("form:has(input[value=note]) button").click()]);
    check(problems.length === 0, "users: no errors", problems.join("\n  "));
    await context.close();
  }

  async function checkNewState() {
    const { context, page, problems } = await open({ url: "about:blank" }, { viewport: wide });
    await page.clock.install();
    await page.route("**/state", (route) => route.fulfill({ body: "another\n" }));
    await page.goto(`${base}/flow?project=demo`);
    await Promise.all([page.waitForNavigation(), page.clock.fastForward(16000)]);
    check((await page.locator("h1").textContent()) === "Flow", "state: a page that shows is shown anew");
    await page.goto(`${base}/triage?project=demo`);
    await page.clock.fastForward(16000);
    await page.locator("p.older").waitFor();
    check(/Something was read since/.test(await page.locator("p.older").textContent()), "state: where one works, a line says so");
    check(problems.length === 0, "state: no errors", problems.join("\n  "));
    await context.close();
  }

  for (const each of [checkSearch, checkKeys, checkToday, checkFilters, checkSubjects, checkUsers, checkNewState]) await each();
}
