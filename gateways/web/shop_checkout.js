// Basket, how the goods reach the customer, who that is, the card, and the order itself.
import { announce, fill, h, moment, money, whenLifted } from "./dom.js";
import { Problem } from "./api.js";
import { details, pending } from "./shop_basket.js";
import { stepper } from "./shop_catalogue.js";
import { remember } from "./shop_order.js";

const towns = [
  ["53.7997,-1.5492", "Leeds"],
  ["53.9590,-1.0815", "York"],
];
const settleTime = 10; // s that we let the server take for a final answer

/** The cards that the sandbox plays. */
export const testCards = [
  ["tok_visa", "is taken"],
  ["tok_mastercard", "is taken"],
  ["tok_3ds", "must be confirmed at the bank"],
  ["tok_declined", "is declined: insufficient funds"],
  ["4111", "is declined: no token of the provider"],
];

export function cardField(name = "token") {
  const input = h("input", { name, required: true, maxlength: 128, autocomplete: "off", autocapitalize: "none", spellcheck: "false", value: "tok_visa" });
  const list = h("ul", { class: "cards" }, testCards.map(([token, does]) => h("li", {}, h("button", { type: "button", onclick: () => (input.value = token) }, h("code", {}, token)), h("span", { class: "soft small" }, does))));
  return h("div", { class: "stack" }, h("label", { class: "field" }, "Card token", input), h("details", {}, h("summary", {}, "Cards for testing"), list));
}

export function showCheckout(view, shop) {
  document.title = "Basket";
  const state = { way: sessionStorage.getItem("entrepot.shop.way") || "delivery", near: sessionStorage.getItem("entrepot.shop.near") || towns[0][0], option: "", store: "", asked: 0, offers: undefined };
  const places = { basket: h("section", { class: "card stack" }), way: h("section", { class: "card stack" }), said: h("div", { role: "alert" }), total: h("p", { class: "row spread total" }) };
  const person = h("section", { class: "card stack" });
  const button = h("button", { class: "main large", type: "submit", "data-act": "order" }, "Order and pay");
  const form = h("form", { class: "checkout", onsubmit: order }, h("div", { class: "stack" }, places.basket, places.way), h("div", { class: "stack" }, person, h("section", { class: "card stack" }, h("h2", {}, "Payment"), cardField()), h("section", { class: "card stack" }, places.total, places.said, button)));

  // ------------------------------------------------------------------------------------------------------- basket

  const lines = () => [...shop.basket.lines].filter(([sku]) => shop.products.has(sku));
  const goods = () => lines().reduce((sum, [sku, quantity]) => sum + shop.products.get(sku).price.amount * quantity, 0);

  function showBasket() {
    if (!lines().length && !pending.get()) return fill(view, h("div", { class: "stack" }, h("h2", {}, "Your basket is empty"), h("a", { class: "button main", href: "#" }, "To the products")));
    const row = ([sku, quantity]) => {
      const product = shop.products.get(sku);
      const set = (number) => {
        shop.basket.set(sku, number);
        showBasket();
        ask();
      };
      return h("li", { class: "row spread" }, h("span", { class: "grow" }, h("b", {}, product.name), h("span", { class: "soft small numbers" }, ` ${money(product.price)}`)), stepper(product.name, quantity, set), h("span", { class: "numbers sum" }, money({ ...product.price, amount: product.price.amount * quantity })));
    };
    fill(places.basket, h("h2", {}, "Basket"), h("ul", { class: "rows" }, lines().map(row)));
    showTotal();
  }

  function showTotal() {
    const first = lines()[0];
    if (!first) return fill(places.total);
    const { currency } = shop.products.get(first[0]).price;
    const option = state.way === "delivery" ? state.offers?.delivery.find((each) => each.option === state.option) : undefined;
    fill(places.total, h("b", {}, "Total"), h("b", { class: "numbers" }, money({ currency, amount: goods() + (option?.charge.amount ?? 0) })));
  }

  // ---------------------------------------------------------------------------------------------- delivery or pickup

  /** Asks what can be had how; only the newest answer counts. */
  async function ask() {
    const asked = ++state.asked;
    const wanted = lines().map(([sku, quantity]) => `${sku}:${quantity}`).join(",");
    if (!wanted) return;
    try {
      const offers = await shop.api.get(`/v1/availability?channel=${encodeURIComponent(shop.channel)}&lines=${encodeURIComponent(wanted)}&near=${encodeURIComponent(state.near)}`);
      if (asked !== state.asked) return;
      state.offers = offers;
      state.failed = undefined;
      if (!offers.delivery.some(({ option, available }) => available && option === state.option)) state.option = (offers.delivery.find(({ option, available }) => available && option === "std") || offers.delivery.find(({ available }) => available))?.option ?? "";
      if (!offers.stores.some(({ code, available }) => available && code === state.store)) state.store = offers.stores.find(({ available }) => available)?.code ?? "";
    } catch (problem) {
      if (asked !== state.asked) return;
      state.failed = problem.message;
    }
    whenLifted(showOffers);
  }

  function showOffers() {
    showWay();
    showTotal();
  }

  function useLocation() {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => setNear(`${coords.latitude.toFixed(4)},${coords.longitude.toFixed(4)}`),
      () => announce("The browser does not tell where you are."),
      { timeout: 8000, maximumAge: 600000 },
    );
  }

  function setNear(near) {
    state.near = near;
    sessionStorage.setItem("entrepot.shop.near", near);
    ask();
  }

  const choice = (name, value, chosen, disabled, pick, ...content) =>
    h("li", {}, h("label", { class: `choice ${disabled ? "off" : ""}` }, h("input", { type: "radio", name, value, checked: chosen, disabled, required: true, "data-focus": `${name}-${value}`, onchange: pick }), h("span", { class: "grow" }, content)));

  function deliveryOptions() {
    return h("ul", { class: "stack tight" }, state.offers.delivery.map((option) =>
      choice("option", option.option, option.option === state.option, !option.available, () => ((state.option = option.option), showTotal()), h("span", { class: "row spread" }, h("b", {}, option.name), h("span", { class: "numbers" }, option.charge.amount ? money(option.charge) : "free")), h("span", { class: "soft small" }, option.available ? (option.promise ? `with you by ${moment(option.promise)}` : "as soon as it can be sent") : "not available for this basket"))));
  }

  function stores() {
    const near = h("select", { "aria-label": "Near", onchange: () => setNear(near.value) }, towns.map(([value, name]) => h("option", { value, selected: value === state.near }, name)), towns.some(([value]) => value === state.near) ? null : h("option", { value: state.near, selected: true }, "where I am"));
    const shortOf = (store) => `missing: ${store.short.map((sku) => shop.products.get(sku.sku ?? sku)?.name ?? sku.sku ?? sku).join(", ")}`;
    return [
      h("div", { class: "row" }, h("label", { class: "field grow" }, "Near", near), navigator.geolocation ? h("button", { type: "button", onclick: useLocation }, "Where I am") : null),
      h("ul", { class: "stack tight" }, state.offers.stores.map((store) =>
        choice("store", store.code, store.code === state.store, !store.available && !store.by_transfer, () => (state.store = store.code), h("span", { class: "row spread" }, h("b", {}, store.name), h("span", { class: "soft small numbers" }, store.distance_km === null ? "" : `${store.distance_km} km`)), h("span", { class: "soft small" }, store.available ? `ready ${moment(store.ready_by)}` : store.by_transfer ? `brought there for you, ready ${moment(store.ready_by_transfer)}` : store.short?.length ? shortOf(store) : "not available for this basket")))),
    ];
  }

  function showWay() {
    const tab = (way, text) => h("button", { type: "button", "aria-pressed": String(state.way === way), "data-focus": `way-${way}`, onclick: () => setWay(way) }, text);
    const offers = state.failed ? h("p", { class: "note bad" }, state.failed, " ", h("button", { type: "button", onclick: ask }, "Try again")) : !state.offers ? h("p", { class: "soft" }, "Looking what is there\u2026") : state.way === "delivery" ? deliveryOptions() : stores();
    fill(places.way, h("h2", {}, "How do you want it?"), h("div", { class: "chips two" }, tab("delivery", "Deliver to me"), tab("pickup", "Pick up in a store")), offers);
  }

  function setWay(way) {
    state.way = way;
    sessionStorage.setItem("entrepot.shop.way", way);
    showWay();
    showPerson();
    showTotal();
  }

  // ---------------------------------------------------------------------------------------------------------- person

  function showPerson() {
    const known = { ...details.get(), ...Object.fromEntries([...person.querySelectorAll("input")].map((input) => [input.name, input.value])) };
    const field = (name, text, more = {}) => h("label", { class: "field" }, text, h("input", { name, value: known[name] ?? more.otherwise ?? "", maxlength: 200, required: true, ...more, otherwise: undefined }));
    const contact = [field("name", "Name", { autocomplete: "name" }), field("email", "E-mail", { type: "email", autocomplete: "email", maxlength: 254 }), field("phone", "Phone (may stay empty)", { type: "tel", autocomplete: "tel", maxlength: 32, required: false })];
    const address = [field("street", "Street and number", { autocomplete: "street-address" }), h("div", { class: "pair" }, field("postcode", "Postcode", { autocomplete: "postal-code", maxlength: 16 }), field("city", "Town", { autocomplete: "address-level2" })), field("country", "Country", { autocomplete: "country", maxlength: 2, pattern: "[A-Z]{2}", otherwise: "GB", title: "Two capital letters, e.g. GB" })];
    fill(person, h("h2", {}, state.way === "delivery" ? "Who and where" : "Who collects it"), contact, state.way === "delivery" ? address : null);
  }

  // ----------------------------------------------------------------------------------------------------------- order

  function body() {
    const data = Object.fromEntries(new FormData(form));
    details.keep({ ...details.get(), ...Object.fromEntries([...person.querySelectorAll("input")].map((input) => [input.name, input.value])) });
    const contact = { name: data.name, email: data.email, ...(data.phone ? { phone: data.phone } : {}) };
    const basket = { channel: shop.channel, contact, lines: lines().map(([sku, quantity]) => ({ sku, quantity, unit_price: shop.products.get(sku).price })), payment: { method: "card", token: data.token } };
    if (state.way === "pickup") return { ...basket, workflow: "bopis", pickup: { store: state.store } };
    return { ...basket, delivery: { option: state.option, address: { name: data.name, street: data.street, city: data.city, postcode: data.postcode, country: data.country } } };
  }

  const say = (text, look = "bad") => fill(places.said, text ? h("p", { class: `note ${look}` }, text) : null);

  function order(event) {
    event.preventDefault();
    if (!button.disabled) send(pending.begin(body()));
  }

  /** Sends the order until it is answered; the same key each time. */
  async function send(on) {
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    say("");
    try {
      const { body: made } = await shop.api.post("/v1/orders", on.body, { key: on.key, wait: settleTime });
      settled(made.id);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      refused(problem, on);
    }
    button.disabled = false;
    button.removeAttribute("aria-busy");
  }

  function settled(id) {
    pending.end();
    shop.basket.empty();
    remember(id);
    location.hash = `order=${id}`;
  }

  function refused(problem, on) {
    if (problem.status === 0 || problem.status === 429 || problem.status >= 500) {
      fill(places.said, h("div", { class: "note warn stack" }, h("p", {}, "No answer yet. It is not known whether the order has arrived; asking again cannot make a second one."), h("button", { type: "button", class: "main", "data-act": "again", onclick: () => send(on) }, "Ask again")));
      return;
    }
    if (problem.code === "payment-declined" && problem.body.order) return settled(problem.body.order); // it waits for another card, and its page asks for one
    pending.end();
    const fields = (problem.body.errors ?? []).map((error) => error.detail).filter(Boolean);
    say([problem.message, ...fields].join(" "));
    ask();
  }

  fill(view, form);
  showBasket();
  if (!form.isConnected) return;
  showWay();
  showPerson();
  const on = pending.get();
  if (on) send(on); // the page was closed before the answer came
  ask();
}
