// What the pages do when something is not as usual, in Chromium against the stand-in server: node tests/pages/pages.mjs. Each check is a sentence; exit 0: all hold.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Browser } from "./browser.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const port = 20000 + Math.floor(Math.random() * 10000);
const base = `http://127.0.0.1:${port}`;
const mugs = [{ sku: "MUG-1", quantity: 2 }, { sku: "LAMP-1", quantity: 1 }];
let browser, passed = 0, failed = 0;

const control = (path, body = {}) => fetch(`${base}/stand-in/${path}`, { method: "POST", body: JSON.stringify(body) }).then((answer) => answer.json());
const orderForPickup = async (store = "LEEDS-1", lines = mugs) => (await control("order", { workflow: "bopis", pickup: { store }, lines })).id;
const orderForDelivery = async (lines = mugs) => (await control("order", { workflow: "bodah", delivery: { option: "std", address: {} }, lines })).id;
const orders = async () => (await control("count")).orders;
const pickupOf = (order) => order.replace("ord_", "pck_");
let next = 0;
async function staffDo(order, ...acts) {
  for (const [name, body] of acts) {
    const { pickups, fulfilments } = await (await fetch(`${base}/v1/orders/${order}`, { headers: { Authorization: "Bearer staff" } })).json();
    const work = pickups.length ? `pickups/${pickups[0].id}` : `fulfilments/${fulfilments[0].id}`;
    const answer = await fetch(`${base}/v1/${work}/${name}`, { method: "POST", headers: { Authorization: "Bearer staff", "Idempotency-Key": `act-${next++}` }, body: JSON.stringify(body ?? {}) });
    if (!answer.ok) throw new Error(`${name}: ${await answer.text()}`);
  }
}
const staged = [["accept"], ["pick", { lines: [] }], ["stage", { bin: "B-1" }]];
const equal = (real, wanted, what) => {
  if (real !== wanted) throw new Error(`${what}: ${real}, not ${wanted}`);
};

async function storePage(key = "staff-LEEDS-1", size) {
  const page = await browser.page(size);
  await page.open(`${base}/store#key=${key}`);
  await page.see("[data-line=live]");
  return page;
}
async function shopPage(hash = "", size) {
  const page = await browser.page(size);
  await page.open(`${base}/shop${hash}`);
  return page;
}
const on = (order, rest = "") => `[data-order="${order}"] ${rest}`.trim();

async function toCheckout(page, ...skus) {
  for (const sku of skus) await page.tap(`[data-sku="${sku}"] button`);
  await page.tap("header a", "Basket");
  await page.tap("button", "Pick up in a store");
  await page.see("[name=store]:checked");
  await page.fill("[name=name]", "Ann Example");
  await page.fill("[name=email]", "ann@example.com");
}

const checks = {
  async a_wrong_key_is_told_and_asked_for_again() {
    const page = await browser.page();
    await page.open(`${base}/store#key=nobody`);
    await page.see(".note.bad", "does not know this key");
    await page.fill("[name=key]", "staff-LEEDS-1");
    await page.tap("button", "Sign in");
    await page.see("[data-line=live]");
    await page.tap("button", "Menu");
    await page.tap("dialog button", "Sign out");
    await page.see("[name=key]");
    equal(await page.evaluate("localStorage.getItem('entrepot.store.key')"), null, "the key that is kept");
    return page;
  },
  async a_gateways_key_does_not_open_a_store() {
    const page = await browser.page();
    await page.open(`${base}/store#key=gateway`);
    await page.see(".note.bad", "cannot work in a store");
    return page;
  },
  async a_new_order_is_there_within_a_second_and_can_be_picked_short() {
    const page = await storePage();
    const order = await orderForPickup();
    const from = Date.now();
    await page.see(on(order));
    if (Date.now() - from > 1000) throw new Error("it took longer than a second");
    await page.tap(on(order, "[data-act=accept]"));
    await page.tap("#tab-pick");
    await page.tap(on(order, "[data-act=start-pick]"));
    await page.tap(on(order, "[aria-label='One less']"));
    await page.tap(on(order, "[data-act=pick]"), "Picked 2 of 3");
    await page.tap("#tab-ready");
    await page.see(on(order, ".badge"), "1 missing");
    return page;
  },
  async a_rejection_has_a_reason_and_reaches_the_customer() {
    const page = await storePage();
    const order = await orderForPickup();
    const customer = await shopPage(`#order=${order}`);
    await page.tap(on(order, "[data-act=reject]"));
    await page.tap("dialog label", "Damaged");
    await page.tap("dialog button[type=submit]");
    await page.unsee(on(order));
    await customer.see(".state", "cannot give you everything");
    await customer.see(".notices", "you get your money back");
    return page;
  },
  async a_customer_whom_the_store_fails_chooses_another_store_or_the_money() {
    for (const act of ["choose-store", "choose-cancel"]) {
      const order = await orderForPickup();
      await staffDo(order, ["reject", { reason: "too_busy" }]);
      const customer = await shopPage(`#order=${order}`);
      await customer.see("[data-choice]", "Your choice");
      await customer.see("[data-act=choose-store]"); // what is below it moves when the other stores are known
      await customer.tap(`[data-act=${act}]`);
      await customer.unsee("[data-choice]");
      await customer.see(".notices", act === "choose-store" ? "We ask our store" : "cancelled");
    }
    return shopPage();
  },
  async each_step_can_be_taken_back() {
    const page = await storePage();
    const order = await orderForPickup();
    await staffDo(order, ...staged);
    await page.tap("#tab-waiting");
    await page.tap(on(order, "[data-act=unstage]"));
    await page.tap("#tab-ready");
    await page.tap(on(order, "[data-act=unpick]"));
    await page.tap("#tab-pick");
    await page.tap(on(order, "[data-act=start-pick]"));
    await page.tap(on(order, "[data-act=unpick]"));
    await page.tap(on(order, "[data-act=unaccept]"));
    await page.tap("#tab-new");
    await page.see(on(order, "[data-act=accept]"));
    return page;
  },
  async who_finds_nothing_is_asked_why_instead_of_refused() {
    const page = await storePage();
    const order = await orderForPickup("LEEDS-1", [{ sku: "LAMP-1", quantity: 1 }]);
    await staffDo(order, ["accept"], ["start-pick"]);
    await page.tap("#tab-pick");
    await page.tap(on(order, "[aria-label='One less']"));
    await page.tap(on(order, "[data-act=nothing-found]"), "Nothing found");
    await page.tap("dialog label", "Not in stock");
    await page.tap("dialog button[type=submit]");
    await page.see(on(order, ".status"), "Rejected: put back");
    return page;
  },
  async what_is_picked_is_not_rejected_and_a_short_pick_is_not_taken_back() {
    const page = await storePage();
    const whole = await orderForPickup();
    const short = await orderForPickup();
    await staffDo(whole, ["accept"], ["pick", { lines: [] }]);
    await staffDo(short, ["accept"], ["pick", { lines: [{ line: 1, found: 1 }] }]);
    await page.tap("#tab-ready");
    await page.see(on(whole, "[data-act=unpick]"));
    await page.unsee(on(whole, "[data-act=reject]"));
    await page.see(on(short, ".badge"), "1 missing");
    await page.unsee(on(short, "[data-act=unpick]"));
    await page.unsee(on(short, "[data-act=reject]"));
    return page;
  },
  async what_a_warehouse_was_told_to_do_is_not_handed_back() {
    const page = await storePage("staff-DC");
    const order = await orderForDelivery();
    await page.tap("#tab-pick");
    await page.see(on(order, "[data-act=start-pick]"));
    await page.unsee(on(order, "[data-act=unaccept]"));
    return page;
  },
  async a_packed_parcel_shows_its_label_or_that_there_is_none_yet_and_goes_under_it_or_a_number_of_our_own() {
    const page = await storePage("staff-DC");
    const [labelled, own] = [await orderForDelivery(), await orderForDelivery()];
    for (const order of [labelled, own]) await staffDo(order, ["start-pick"], ["pick", { lines: [] }], ["pack", { parcels: [{ weight_grams: 900 }] }]);
    const label = { status: "awaited", carrier: "Fedex", tracking: null, document: null, code: null };
    const shown = async (now) => {
      await control("quiet", { id: own.replace("ord_", "ful_"), label: { ...label, ...now } });
      await page.reload();
      await page.tap("#tab-ready");
    };
    await shown({});
    await page.see(on(labelled, "[data-label=ready]"), "Fedex TRK-");
    await page.see(on(labelled, "[data-label=ready] a[href^='https:']"), "Print label");
    await page.see(on(own, "[data-label=awaited]"), "Fedex: label awaited");
    await shown({ status: "ready", tracking: "TRK-7", document: "javascript:alert(1)" });
    await page.see(on(own, "[data-label=ready]"), "Fedex TRK-7");
    await page.unsee(on(own, "[data-label] a"));
    await shown({ status: "failed", code: "address-missing" });
    await page.see(on(own, "[data-label=failed]"), "No label from Fedex");
    await page.tap(on(own, "[data-act=ship]"));
    await page.see("dialog", "No label from Fedex. Type a number of your own");
    await page.fill("dialog [name=tracking]", "OWN-1");
    await page.tap("dialog button[type=submit]");
    await page.tap(on(labelled, "[data-act=ship]"));
    await page.see("dialog", "Leave the number empty to ship under the label's");
    await page.tap("dialog button[type=submit]");
    await page.tap("#tab-waiting");
    await page.see(on(own, "[data-label=own]"), "Tracking OWN-1");
    await page.see(on(labelled, "[data-label=ready]"), "Fedex TRK-");
    return page;
  },
  async a_cancelled_parcel_is_told_until_the_warehouse_has_answered() {
    const order = await orderForDelivery();
    await staffDo(order, ["start-pick"], ["pick", { lines: [] }], ["pack", { parcels: [{ weight_grams: 900 }] }]);
    const customer = await shopPage(`#order=${order}`);
    await customer.tap("[data-act=cancel]");
    await customer.tap("[data-act=cancel-really]");
    await customer.see(".state", "is being cancelled");
    const page = await storePage("staff-DC");
    await page.tap("#tab-ready");
    await page.tap(on(order, "[data-act=confirm-stop]"));
    await customer.see(".state", "is cancelled");
    return page;
  },
  async a_cancellation_that_comes_too_late_is_refused_in_words() {
    const order = await orderForDelivery();
    const customer = await shopPage(`#order=${order}`);
    await customer.see("[data-act=cancel]");
    await control("quiet", { id: order.replace("ord_", "ful_"), status: "shipped" });
    await customer.tap("[data-act=cancel]");
    await customer.tap("[data-act=cancel-really]");
    await customer.see(".note.bad", "too late to cancel: the goods have left");
    return customer;
  },
  async every_status_of_a_payment_has_words_and_what_has_not_left_can_be_cancelled() {
    const page = await shopPage();
    const plan = readFileSync(join(root, "domain/payment/plan.cpp"), "utf8");
    const statuses = /statuses\{\{([^}]*)\}\}/.exec(plan)[1].match(/\w+/g);
    equal(statuses.length, 15, "statuses of a payment");
    const nameless = await page.evaluate(`import("/web/shop_words.js").then(({ payments }) => ${JSON.stringify(statuses)}.filter((each) => !payments[each]).join(" "))`);
    equal(nameless, "", "statuses of a payment without words");
    const may = (status, ...parts) => page.evaluate(`import("/web/shop_words.js").then(({ mayCancel }) => mayCancel(${JSON.stringify({ status, fulfilments: parts.map((each) => ({ status: each })) })}))`);
    equal(await may("in_fulfilment", "shipped", "accepted"), true, "one parcel of two has left: may cancel");
    equal(await may("in_fulfilment", "shipped", "delivered"), false, "both have left: may cancel");
    equal(await may("cancelling", "packed"), false, "it is being cancelled: may cancel");
    return page;
  },
  async a_locked_code_leads_to_the_identity() {
    const page = await storePage();
    const order = await orderForPickup();
    await staffDo(order, ...staged);
    await page.tap("#tab-waiting");
    await page.tap(on(order, "[data-act=hand-over]"));
    for (let tries = 4; tries >= 0; tries--) {
      for (let digit = 0; digit < 6; digit++) await page.tap(".pad button", "0");
      await page.tap("[data-act=check-code]");
      if (tries) await page.see("dialog", `${tries} ${tries === 1 ? "try" : "tries"} left`);
    }
    await page.see("dialog", "The code is locked");
    await page.tap("dialog label", "I have checked the identity");
    await page.tap("dialog button[type=submit]");
    await page.unsee("dialog");
    await page.unsee(on(order));
    return page;
  },
  async a_customer_who_takes_only_a_part_leaves_the_rest_in_its_bin() {
    const page = await storePage();
    const order = await orderForPickup();
    await staffDo(order, ...staged);
    await page.tap("#tab-waiting");
    await page.tap(on(order, "[data-act=hand-over]"));
    await page.tap("dialog button", "No code");
    await page.tap("dialog label", "I have checked the identity");
    await page.tap("dialog summary", "only a part");
    await page.tap("dialog .part .stepper button");
    await page.tap("dialog button[type=submit]");
    await page.see("dialog", "Say what becomes of the rest");
    await page.tap("dialog label", "Stays in its bin");
    await page.tap("dialog button[type=submit]");
    await page.unsee("dialog");
    await page.see(on(order), "handed over");
    return page;
  },
  async a_customer_who_is_here_tells_the_store_what_to_look_for() {
    const page = await storePage();
    const order = await orderForPickup();
    await staffDo(order, ...staged);
    const customer = await shopPage(`#order=${order}`);
    await customer.tap("[data-here] summary");
    await customer.fill("[data-here] [name=bay]", "2");
    await customer.fill("[data-here] [name=car]", "red Audi");
    await customer.tap("[data-act=arrive]");
    await customer.see(".state", "knows that you are there");
    await page.tap("#tab-waiting");
    await page.see(on(order), "red Audi");
    await page.see(on(order, ".time"), "Go out");
    return page;
  },
  async bags_are_listed_by_age_at_the_end_of_the_day() {
    const page = await storePage();
    const order = await orderForPickup();
    await staffDo(order, ...staged);
    await page.tap("header.top button", "Menu");
    await page.tap("dialog [data-act=ageing]");
    await page.see("dialog [data-ageing]", "B-1");
    return page;
  },
  async a_refused_act_says_why_and_shows_how_it_really_is() {
    const page = await storePage();
    const order = await orderForPickup();
    await page.see(on(order));
    await control("quiet", { id: pickupOf(order), status: "picked" });
    await page.tap(on(order, "[data-act=accept]"));
    await page.tap("#tab-ready");
    await page.see(on(order, ".note.bad"), "it cannot be done now. Now: picked.");
    await page.see(on(order, "[data-act=stage]"));
    return page;
  },
  async a_lost_line_is_shown_and_nothing_is_missed() {
    const page = await storePage();
    const before = await orderForPickup();
    await page.see(on(before));
    await control("line", { down: true });
    await page.see("[data-line=offline]");
    await page.see("#alarm", "No connection");
    const meanwhile = await orderForPickup();
    const { caughtUp } = await control("count");
    await control("line", { down: false });
    await page.see("[data-line=live]");
    await page.see(on(meanwhile));
    equal((await control("count")).caughtUp, caughtUp + 1, "changes told when the line was back");
    await page.unsee("#alarm .note");
    return page;
  },
  async what_is_late_is_marked() {
    const page = await storePage();
    const order = await orderForPickup();
    await control("quiet", { id: pickupOf(order), offer_until: new Date(Date.now() - 300000).toISOString() });
    await page.open(`${base}/store`);
    await page.see(`${on(order)}.overdue .badge.bad`, "overdue by 5 min");
    return page;
  },
  async cancelled_goods_are_put_back() {
    const order = await orderForPickup();
    const page = await storePage();
    await staffDo(order, ...staged);
    const customer = await shopPage(`#order=${order}`);
    await customer.tap("[data-act=cancel]");
    await customer.tap("[data-act=cancel-really]");
    await customer.see(".state", "is cancelled");
    await page.tap("#tab-pick");
    await page.tap(on(order, "[data-act=put-back]"));
    await page.unsee(on(order));
    return customer;
  },
  async a_double_click_makes_one_order() {
    const page = await shopPage();
    await toCheckout(page, "MUG-2");
    const before = await orders();
    await page.evaluate(`(() => { const button = document.querySelector("[data-act=order]"); button.click(); button.click(); })()`);
    await page.see(".state");
    equal(await orders(), before + 1, "orders");
    return page;
  },
  async orders_of_one_day_have_names_of_their_own() {
    const page = await shopPage();
    const made = ["ord_13e37rhctg000", "ord_0f637rhcj0000", "ord_0f637rhfj0000", "ord_0f637rnfj0000", "ord_0fa37rhcj0000"]; // in other places, or two seconds and more apart
    const names = await page.evaluate(`import("/web/dom.js").then(({ short }) => ${JSON.stringify(made)}.map(short))`);
    equal(new Set(names).size, made.length, `different names in ${names}`);
    equal(names.filter((name) => /^[0-9A-Z]{5}$/.test(name)).length, made.length, `names of five characters in ${names}`);
    return page;
  },
  async a_lost_answer_makes_one_order_even_after_a_reload() {
    const page = await shopPage();
    await toCheckout(page, "MUG-2");
    const before = await orders();
    await control("lose", { answers: 100 });
    await page.tap("[data-act=order]");
    await page.see("[data-act=again]");
    await control("lose", { answers: 0 });
    await page.reload();
    await page.see(".state", "about to accept");
    equal(await orders(), before + 1, "orders");
    equal(await page.evaluate("localStorage.getItem('entrepot.shop.pending')"), null, "the order on its way");
    return page;
  },
  async an_order_that_cannot_be_supplied_is_told_and_the_basket_stays() {
    const page = await shopPage();
    await toCheckout(page, "PAN-3");
    await page.tap("[data-act=order]");
    await page.see(".note.bad", "Not enough units of PAN-3. 0 are available.");
    await page.see("#basket-count", "1");
    return page;
  },
  async a_store_without_the_goods_cannot_be_chosen() {
    const page = await shopPage();
    await toCheckout(page, "MUG-1");
    equal(await page.evaluate(`document.querySelector("[name=store][value=LEEDS-2]").disabled`), true, "LEEDS-2 disabled");
    await page.choose("select", "53.9590,-1.0815");
    await page.until(`document.querySelector("[name=store]").value === "YORK-1"`, "York comes first");
    return page;
  },
  async what_was_not_collected_is_told() {
    const order = await orderForPickup();
    await staffDo(order, ...staged);
    const page = await shopPage(`#order=${order}`);
    await page.see("[data-code]");
    await control("no-show", { order });
    await page.see(".state", "did not collect");
    await page.unsee("[data-act=cancel]");
    return page;
  },
  async everything_fits_a_small_phone_and_has_a_name() {
    const order = await orderForPickup();
    const pages = [await storePage(), await shopPage(), await shopPage("#basket"), await shopPage(`#order=${order}`)];
    await pages[0].see(on(order));
    await pages[1].see(".product");
    for (const sku of ["MUG-1", "LAMP-1"]) await pages[1].tap(`[data-sku="${sku}"] button`);
    await pages[1].tap("header a", "Basket");
    await pages[1].see("[name=option]");
    await pages[3].see(".state");
    for (const page of pages) {
      equal(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true, "the page is no wider than the phone");
      const nameless = await page.evaluate(`[...document.querySelectorAll("button, a[href], input, select")].filter((each) => each.checkVisibility() &&
        !(each.getAttribute("aria-label") || each.labels?.length || each.textContent.trim())).map((each) => each.outerHTML)`);
      equal(nameless.join("\n"), "", "controls without a name");
      const small = await page.evaluate(`[...document.querySelectorAll("button, select, .choice")].filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 44).map((each) => each.outerHTML)`);
      equal(small.join("\n"), "", "controls too small for a thumb");
    }
    return pages[0];
  },
};

const stand = spawn("node", [join(dirname(fileURLToPath(import.meta.url)), "stand_in.mjs"), String(port)], { stdio: ["ignore", "pipe", "inherit"] });
await new Promise((done) => stand.stdout.once("data", done));
try {
  for (const [name, play] of Object.entries(checks).filter(([each]) => !process.argv[2] || each.includes(process.argv[2]))) {
    browser = await Browser.start();
    try {
      await play();
      const faults = [...browser.pages.values()].flatMap((page) => page.faults);
      if (faults.length) throw new Error(faults.join("\n"));
      console.log(`passed  ${name.replaceAll("_", " ")}`);
      passed += 1;
    } catch (failure) {
      console.log(`FAILED  ${name.replaceAll("_", " ")}\n${failure.stack}`);
      failed += 1;
    }
    await control("line", { down: false });
    await control("lose", { answers: 0 });
    await browser.end();
  }
} finally {
  stand.kill();
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed || !passed ? 1 : 0;
