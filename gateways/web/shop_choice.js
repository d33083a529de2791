// What the customer of a pickup decides when a store cannot give everything: another store, a delivery at no charge, or the money back.
import { details } from "./shop_basket.js";
import { fill, h, moment } from "./dom.js";

/** A card with the three ways; `send(body)` posts the choice. Asks once which other stores have the goods. */
export function choiceCard(order, shop, send) {
  const missing = order.choice.lines.map(({ line, quantity }) => ({ ...order.lines.find((each) => each.number === line), quantity }));
  const others = h("div", { class: "stack tight" }, h("p", { class: "soft", role: "status" }, "Looking where else it is\u2026"));
  const busy = (sent) => {
    element.querySelectorAll("button").forEach((each) => (each.disabled = true));
    return send(sent);
  };

  async function look() {
    const wanted = missing.map(({ sku, quantity }) => `${sku}:${quantity}`).join(",");
    let stores = [];
    try {
      stores = (await shop.api.get(`/v1/availability?channel=${encodeURIComponent(order.channel)}&lines=${encodeURIComponent(wanted)}`)).stores.filter(({ available, code }) => available && code !== order.pickup?.store);
    } catch {
      // then the other two ways are left
    }
    fill(others, stores.length ? stores.map((store) => h("button", { type: "button", class: "main", "data-act": "choose-store", "data-store": store.code, onclick: () => busy({ choice: "store", store: store.code }) }, `Fetch it in ${store.name}, ready ${moment(store.ready_by)}`)) : h("p", { class: "soft" }, "No other store has it at the moment."));
  }

  function address() {
    const known = details.get() ?? {};
    const field = (name, text, more = {}) => h("label", { class: "field" }, text, h("input", { name, value: known[name] ?? "", maxlength: 200, required: true, ...more }));
    const submit = (event) => {
      event.preventDefault();
      const { name, street, city, postcode, country } = Object.fromEntries(new FormData(event.target));
      busy({ choice: "delivery", address: { name, street, city, postcode, country } });
    };
    return h(
      "details",
      {},
      h("summary", { "data-act": "choose-delivery" }, "Send it to me, at no charge"),
      h("form", { class: "stack", onsubmit: submit }, field("name", "Name", { autocomplete: "name" }), field("street", "Street and number", { autocomplete: "street-address" }), h("div", { class: "pair" }, field("postcode", "Postcode", { autocomplete: "postal-code", maxlength: 16 }), field("city", "Town", { autocomplete: "address-level2" })), field("country", "Country", { autocomplete: "country", maxlength: 2, pattern: "[A-Z]{2}", value: known.country ?? "GB", title: "Two capital letters, e.g. GB" }), h("button", { class: "main", type: "submit" }, "Send it there")),
    );
  }

  const element = h(
    "section",
    { class: "note warn stack", "data-choice": order.choice.until },
    h("h3", {}, "Your choice"),
    h("p", {}, "The store does not have: ", missing.map(({ quantity, name }) => `${quantity} \u00d7 ${name}`).join(", "), "."),
    others,
    address(),
    h("button", { type: "button", class: "bad", "data-act": "choose-cancel", onclick: () => busy({ choice: "cancel" }) }, "Give me my money back for it"),
    h("p", { class: "soft small" }, `The price stays the same whatever you choose. If we hear nothing until ${moment(order.choice.until)} you get your money back.`),
  );
  look();
  return element;
}
