// A day's work played in Chromium, on the pages as a customer and the staff see them:
//
//   node tests/pages/journey.mjs --url http://127.0.0.1:8080 --keys demo-keys.json [--restart COMMAND] [--pictures FOLDER]
//
// A pickup with a declined card, a wrong tap taken back, a wrong code, and a server that is killed and started again meanwhile (COMMAND, run by sh; it returns when the server
// answers again); then a delivery to the door whose payment is confirmed at the bank. Keys: "gateway", "staff-LEEDS-1" and "staff" (all locations), as deploy/run writes them. Exit 0: all of it went well.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { Browser } from "./browser.mjs";

const options = Object.fromEntries(process.argv.slice(2).join("\n").split(/^--/m).filter(Boolean).map((part) => part.trim().split("\n")));
const { url, restart, pictures } = options;
const keys = JSON.parse(readFileSync(options.keys, "utf8"));
const store = "LEEDS-1", warehouse = "DC";
const shown = 1000; // ms until a new order stands on the store's page

let browser, customer, staff;
const say = (text) => console.log(`${new Date().toISOString().slice(11, 23)}  ${text}`);
const picture = (page, name) => (pictures ? page.picture(`${pictures}/${name}.png`) : undefined);
const check = (right, what) => {
  if (!right) throw new Error(`not so: ${what}`);
};

// ------------------------------------------------------------------------------------------------------------ the shop

/** Opens the shop; where the server gives it no key, the page asks for one. */
async function openShop() {
  customer = await browser.page();
  await customer.open(`${url}/shop`);
  await customer.until(`document.querySelector(".product, input[name=key]") !== null`, "the shop, or its question for a key");
  if (await customer.shows("input[name=key]")) {
    await customer.fill("input[name=key]", keys.gateway);
    await customer.tap("button", "Open the shop");
  }
  await customer.see(".product");
}

async function fillBasket(...skus) {
  await customer.tap("header a", "Shop");
  for (const sku of skus) await customer.tap(`[data-sku="${sku}"] button`);
  await customer.tap("header a", "Basket");
}

async function giveContact() {
  await customer.fill("[name=name]", "Ann Example");
  await customer.fill("[name=email]", "ann@example.com");
}

async function orderPickup() {
  await fillBasket("MUG-1", "PLATE-1");
  await customer.tap("button", "Pick up in a store");
  await customer.tap(`label:has([name=store][value="${store}"])`);
  await giveContact();
  await customer.fill("[name=token]", "tok_declined");
  await customer.tap("[data-act=order]");
  await customer.see("[data-act=pay]");
  await customer.see(".state", "declined");
  await picture(customer, "declined");
  say("the card is declined; another one is given");
  await customer.fill("[name=token]", "tok_visa");
  await customer.tap("[data-act=pay]");
  return orderNumber();
}

async function orderDelivery() {
  await fillBasket("MUG-1");
  await customer.tap("button", "Deliver to me");
  await customer.tap(`label:has([name=option][value="24h"])`);
  await giveContact();
  await customer.fill("[name=street]", "1 Example Street");
  await customer.fill("[name=postcode]", "LS1 1AA");
  await customer.fill("[name=city]", "Leeds");
  await customer.fill("[name=token]", "tok_3ds");
  await customer.tap("[data-act=order]");
  await confirmAtBank();
  return orderNumber();
}

/** The bank opens in a window of its own; the shop hears of it by itself. */
async function confirmAtBank() {
  await customer.see("[data-act=confirm]");
  await picture(customer, "confirm");
  const bank = await browser.page();
  await bank.open(await customer.evaluate(`document.querySelector("[data-act=confirm]").href`));
  await bank.tap("#confirm");
  await bank.see("p", "confirmed");
  await customer.unsee("[data-act=confirm]");
  say("the payment is confirmed at the bank");
}

const orderNumber = () => customer.until(`/^#order=(ord_[a-z0-9]+)$/.exec(location.hash)?.[1]`, "the page of the order");

// ----------------------------------------------------------------------------------------------------------- the store

async function openStore(key, location) {
  staff = await browser.page();
  await staff.open(`${url}/store#key=${key}`);
  await staff.see("[data-line=live]");
  check(!(await staff.evaluate("location.href")).includes(key), "the key is no longer in the address");
  if (await staff.shows(".top select")) {
    await staff.choose(".top select", location);
    await staff.until(`document.querySelector(".top select")?.value === ${JSON.stringify(location)}`, location);
    await staff.see("[data-line=live]");
  }
}

/** Taps an act of an order, in the tab where it stands. */
async function act(order, tab, name) {
  await staff.tap(`#tab-${tab}`);
  await staff.tap(`[data-order="${order}"] [data-act="${name}"]`);
}

async function enterCode(code) {
  for (const digit of code) await staff.tap(".pad button", digit);
  await staff.tap("[data-act=check-code]");
}

/** Restarts the server under the open pages; both come back by themselves. */
async function restartServer() {
  if (!restart) return;
  say("the server is killed and started again");
  execFileSync("sh", ["-c", restart], { stdio: "inherit" });
  await staff.see("[data-line=live]");
  await customer.see("[data-line=live]");
}

// --------------------------------------------------------------------------------------------------------- the journeys

async function pickup() {
  await openShop();
  await openStore(keys[`staff-${store}`], store);
  const order = await orderPickup();
  const from = Date.now();
  await staff.see(`[data-order="${order}"] [data-act=accept]`);
  const time = Date.now() - from;
  say(`${order} stands on the store's page after ${time} ms`);
  check(time < shown, `a new order is seen within ${shown} ms`);
  await act(order, "new", "accept");
  await staff.tap("#toast [data-act=undo]");
  say("a wrong tap is taken back");
  await act(order, "new", "accept");
  await act(order, "pick", "start-pick");
  await act(order, "pick", "pick");
  await act(order, "ready", "stage");
  await staff.fill("dialog [name=bin]", "A-3");
  await staff.tap("dialog button[type=submit]");
  await customer.see("[data-code]");
  await picture(customer, "code");
  const code = await customer.evaluate(`document.querySelector("[data-code]").dataset.code`);
  say("it is ready, and the customer has a code");
  await restartServer();
  check((await customer.evaluate(`document.querySelector("[data-code]")?.dataset.code`)) === code, "the code is the same as before");
  await act(order, "waiting", "hand-over");
  await enterCode(String((Number(code) + 1) % 1000000).padStart(6, "0"));
  await staff.see("dialog", "4 tries left");
  await picture(staff, "wrong-code");
  say("a wrong code is refused");
  await enterCode(code);
  await staff.unsee("dialog");
  await customer.see(".state", "You have collected your order");
  await staff.unsee(`[data-order="${order}"]`);
  say("the goods are handed over");
}

async function delivery() {
  await openStore(keys.staff, warehouse);
  const order = await orderDelivery();
  await customer.see(".state");
  await staff.until(`document.querySelector('[data-order="${order}"]') !== null`, "the order on the warehouse's page");
  if (await staff.evaluate(`document.querySelector('[data-order="${order}"]').dataset.status === "offered"`)) await act(order, "new", "accept");
  await act(order, "pick", "start-pick");
  await act(order, "pick", "pick");
  await act(order, "ready", "pack");
  await staff.tap("dialog button[type=submit]");
  await act(order, "ready", "ship");
  await staff.tap("dialog button[type=submit]");
  await customer.see(".state", "on its way");
  say("the parcel is on its way");
  await act(order, "waiting", "deliver");
  await customer.see(".state", "has been delivered");
  say("the parcel is delivered");
}

async function main() {
  browser = await Browser.start();
  try {
    await pickup();
    await delivery();
    for (const page of browser.pages.values()) check(!page.faults.length, `no fault in a page: ${page.faults.join("\n")}`);
    say("all went well");
  } catch (failure) {
    for (const [index, page] of [...browser.pages.values()].entries()) await page.picture(`${pictures ?? "/tmp"}/journey-failed-${index}.png`).catch(() => {});
    throw failure;
  } finally {
    await browser.end();
  }
}

main().catch((failure) => {
  console.error(failure);
  process.exitCode = 1;
});
