// The shop page: who we are to the server, and which view the address asks for.
import { Api } from "./api.js";
import { fill, find, h } from "./dom.js";
import { Basket } from "./shop_basket.js";
import { showCatalogue } from "./shop_catalogue.js";
import { showCheckout } from "./shop_checkout.js";
import { knownOrders, showOrder, showOrders } from "./shop_order.js";

const keyName = "entrepot.shop.key";
const page = find("#page");
let key = localStorage.getItem(keyName);
let leave = () => {}; // ends what the view before has going

export const shop = {
  api: new Api(() => key),
  basket: new Basket(() => showCount()),
  channel: "web",
  products: new Map(),
  names: new Map(), // of locations
};

function showCount() {
  const count = find("#basket-count");
  if (!count) return;
  count.textContent = shop.basket.count();
  count.classList.toggle("hidden", !shop.basket.count());
}

function askForKey(text) {
  const input = h("input", { type: "password", required: true, name: "key", autocomplete: "off", autofocus: true });
  const submit = (event) => {
    event.preventDefault();
    key = input.value.trim();
    localStorage.setItem(keyName, key);
    start();
  };
  fill(page, h("main", { class: "gate" }, h("form", { class: "card stack", onsubmit: submit }, h("h1", {}, "Shop"), text ? h("p", { class: "note bad", role: "alert" }, text) : h("p", { class: "soft" }, "This server gives no key to visitors. A gateway key opens the shop."), h("label", { class: "field" }, "Key", input), h("button", { class: "main" }, "Open the shop"))));
}

/** The server may have a key for everybody; else this browser has one, or asks for it. */
async function start() {
  fill(page, h("p", { class: "gate soft", role: "status" }, "Opening the shop\u2026"));
  try {
    const session = await fetch("/shop/session", { cache: "no-store" });
    if (session.ok) ({ key, channel: shop.channel = "web" } = await session.json());
    else if (!key) return askForKey();
    const [me] = await Promise.all([shop.api.get("/v1/me"), session.ok ? loadProducts() : undefined]);
    for (const { code, name } of me.locations ?? []) shop.names.set(code, name);
    if (!session.ok) {
      shop.channel = me.channels[0] ?? "web";
      await loadProducts();
    }
    frame();
    route();
  } catch (problem) {
    if (problem.status === 401 || problem.status === 403) return askForKey("The server does not take this key.");
    fill(page, h("div", { class: "gate stack" }, h("p", { class: "note bad", role: "alert" }, problem.status === undefined ? "The server cannot be reached." : problem.message), h("button", { class: "main", onclick: start }, "Try again")));
  }
}

async function loadProducts() {
  for (let after = ""; after !== undefined; ) {
    const { items, next } = await shop.api.get(`/v1/products?channel=${encodeURIComponent(shop.channel)}${after ? `&after=${encodeURIComponent(after)}` : ""}`);
    for (const product of items) shop.products.set(product.sku, product);
    after = next || undefined;
  }
}

function frame() {
  fill(
    page,
    h(
      "header",
      { class: "top" },
      h("div", { class: "narrow" }, h("h1", {}, h("a", { href: "#" }, "Shop")), h("a", { class: "button quiet", href: "#orders", id: "orders-link" }, "Orders"), h("a", { class: "button", href: "#basket" }, "Basket", h("span", { id: "basket-count", class: "badge numbers hidden", "aria-label": "articles in the basket" }))),
    ),
    h("main", { id: "view", class: "narrow", tabindex: -1 }),
  );
  showCount();
}

function route() {
  leave();
  leave = () => {};
  const view = find("#view");
  if (!view) return;
  const [name, value] = location.hash.slice(1).split("=");
  const views = { basket: showCheckout, orders: showOrders, order: showOrder };
  leave = (views[name] || showCatalogue)(view, shop, decodeURIComponent(value ?? "")) || leave;
  find("#orders-link").classList.toggle("hidden", !knownOrders().length);
  scrollTo(0, 0);
}

addEventListener("hashchange", () => {
  route();
  find("#view")?.focus({ preventScroll: true });
});
start();
