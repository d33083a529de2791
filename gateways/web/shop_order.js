// The page of one order: what is going on, the code, another card, cancelling; live as long as it is open. And the list of this browser's orders.
import { Problem } from "./api.js";
import { announce, fill, h, moment, money, openDialog, short, whenLifted } from "./dom.js";
import { Live } from "./live.js";
import { cardField } from "./shop_checkout.js";
import { choiceCard } from "./shop_choice.js";
import { isAwaited, isDeclined, isPickup, mayCancel, payments, refusal, story, toConfirm } from "./shop_words.js";

const knownName = "entrepot.shop.orders";
const mostKnown = 20;
const settleTime = 10; // s
const slowPoll = 20000; // ms between two looks while the stream is away

export const knownOrders = () => JSON.parse(localStorage.getItem(knownName) || "[]");
export function remember(id) {
  localStorage.setItem(knownName, JSON.stringify([id, ...knownOrders().filter((other) => other !== id)].slice(0, mostKnown)));
}

export function showOrders(view) {
  document.title = "Orders";
  const all = knownOrders();
  fill(view, h("h2", {}, "Orders from this browser"), all.length ? h("ul", { class: "stack tight" }, all.map((id) => h("li", {}, h("a", { class: "button", href: `#order=${id}` }, `Order ${short(id)}`)))) : h("p", { class: "soft" }, "None yet."));
}

export function showOrder(view, shop, id) {
  const { api } = shop;
  document.title = `Order ${short(id)}`;
  const path = `/v1/orders/${encodeURIComponent(id)}`;
  const body = h("div", { class: "order stack" }, h("p", { class: "soft", role: "status" }, "Looking for your order\u2026"));
  const line = h("span", { role: "status" });
  let order, events = [], told = "", busy = false, reading = false, stale = false, card, choice, here;
  let said; // {text, look}

  /** Reads the order and its story. One reading at a time; what changes meanwhile is read again. */
  async function read() {
    stale = true;
    if (reading) return;
    reading = true;
    while (stale) {
      stale = false;
      try {
        const [now, story] = await Promise.all([api.get(path), api.get(`${path}/events`).catch(() => ({ items: events }))]);
        order = now;
        events = story.items;
        whenLifted(show);
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        if (!order) fill(body, h("p", { class: "note bad", role: "alert" }, problem.status === 404 ? "There is no such order." : problem.message));
      }
    }
    reading = false;
  }

  const send = (what, sent, wait = 0) => sendTo(`${path}/${what}`, sent, wait);
  async function sendTo(where, sent, wait = 0) {
    busy = true;
    said = undefined;
    show();
    try {
      await api.post(where, sent, { wait });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      said = { text: refusal(problem), look: "bad" };
    }
    busy = false;
    await read();
    show();
  }

  function askToCancel() {
    openDialog("Cancel this order?", (close) => [
      h("div", { class: "stack" }, h("p", {}, "What you paid is given back. This cannot be undone."), h("button", { type: "button", class: "bad", "data-act": "cancel-really", onclick: () => (close(), send("cancellations", { reason: "changed_mind" })) }, "Cancel the order"), h("button", { type: "button", onclick: close }, "Keep it")),
    ]);
  }

  function anotherCard() {
    const submit = (event) => {
      event.preventDefault();
      send("payments", { token: new FormData(event.target).get("token") }, settleTime);
    };
    card ??= h("form", { class: "stack", onsubmit: submit }, cardField(), h("button", { class: "main", type: "submit", "data-act": "pay" }, "Pay with this card"));
    const button = card.querySelector("[type=submit]");
    button.disabled = busy;
    button.toggleAttribute("aria-busy", busy);
    return card;
  }

  /** What the customer has typed stays while the page changes around it. */
  function toChoose() {
    if (!order.choice?.until) return (choice = undefined) ?? null;
    if (choice?.of !== order.choice.until) choice = { of: order.choice.until, element: choiceCard(order, shop, (sent) => send("choices", sent)) };
    if (!busy) choice.element.querySelectorAll("button").forEach((each) => (each.disabled = false));
    return choice.element;
  }

  function progress({ steps, step }) {
    return h("ol", { class: "steps", "aria-label": "Progress" }, steps.map((name, index) => h("li", { class: index < step ? "done" : "", "aria-current": index === step - 1 ? "step" : undefined }, name)));
  }

  function confirmation() {
    const action = toConfirm(order);
    if (!action) return null;
    return h("p", { class: "stack" }, h("a", { class: "button main", href: action.url, target: "_blank", rel: "noopener noreferrer", "data-act": "confirm" }, "Confirm at your bank"), h("span", { class: "soft small" }, `until ${moment(action.until)}`));
  }

  function code() {
    const digits = order.pickup?.code;
    return digits ? h("p", { class: "pickup-code numbers", "data-code": digits, "aria-label": `Code ${digits.split("").join(" ")}` }, digits) : null;
  }

  /** Who has come for a bag that is ready says so, and where. */
  function isHere() {
    const bag = (order.pickups ?? []).find(({ status }) => status === "staged");
    if (!bag) return (here = undefined) ?? null;
    const submit = async (event) => {
      event.preventDefault();
      const said = Object.fromEntries([...new FormData(event.target)].filter(([, value]) => value.trim()));
      await sendTo(`/v1/pickups/${encodeURIComponent(bag.id)}/arrive`, said);
    };
    here ??= h("details", { "data-here": bag.id }, h("summary", {}, "I am here"), h("form", { class: "stack", onsubmit: submit }, h("label", { class: "field" }, "Parking bay (may stay empty)", h("input", { name: "bay", maxlength: 32, autocomplete: "off" })), h("label", { class: "field" }, "Your car (may stay empty)", h("input", { name: "car", maxlength: 32, autocomplete: "off", pattern: "[^0-9]*", title: "Colour and make, no number plate", placeholder: "red Audi" })), h("button", { class: "main", type: "submit", "data-act": "arrive" }, "Tell the store")));
    return here;
  }

  function facts() {
    const rows = [];
    if (isPickup(order) && order.choice?.made !== "delivery") {
      rows.push(["Store", shop.names.get(order.pickup.store) ?? order.pickup.store], ["Ready by", order.pickup.ready_by ? moment(order.pickup.ready_by) : undefined]);
    } else {
      const { address, promise, carrier } = order.delivery ?? {};
      const tracking = (order.fulfilments ?? []).map((part) => part.tracking).filter(Boolean).join(", ");
      rows.push(["To", address ? `${address.name}, ${address.street}, ${address.postcode} ${address.city}` : undefined], ["With you by", promise ? moment(promise) : undefined], ["Carrier", carrier], ["Tracking", tracking]);
    }
    return h("dl", { class: "facts" }, rows.filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
  }

  function goods() {
    return h(
      "section",
      { class: "card stack" },
      h("h2", {}, "Goods"),
      h("ul", { class: "rows" }, order.lines.filter(({ service }) => !service).map((each) => h("li", { class: "row spread" }, h("span", { class: "grow" }, `${each.quantity} \u00d7 ${each.name}`), h("span", { class: "numbers" }, money(each.total))))),
      h("p", { class: "row spread total" }, h("b", {}, "Total"), h("b", { class: "numbers" }, money(order.total))),
      h("ul", {}, order.instalments.map((each) => h("li", { class: "row spread soft small" }, h("span", {}, `${each.method === "card" ? "Card" : "Invoice"}: ${payments[each.status] ?? each.status}`), h("span", { class: "numbers" }, money(each.due))))),
    );
  }

  function history() {
    const notices = events.filter(({ notice }) => notice);
    return h(
      "section",
      { class: "card stack" },
      h("h2", {}, "What we told you"),
      notices.length ? h("ol", { class: "notices" }, [...notices].reverse().map(({ at, notice }) => h("li", {}, h("span", { class: "soft small" }, moment(at)), h("p", {}, notice)))) : h("p", { class: "soft" }, "Nothing yet."),
      h("details", {}, h("summary", {}, "Everything that happened"), h("ol", { class: "notices" }, events.map(({ at, text }) => h("li", {}, h("span", { class: "soft small" }, moment(at)), h("p", {}, text))))),
    );
  }

  function show() {
    if (!order) return;
    const now = story(order);
    if (now.text !== told && told) announce(now.text);
    told = now.text;
    const open = body.querySelector("details[open] .notices") !== null;
    fill(
      body,
      h("section", { class: "card stack", "data-order": order.id, "data-status": order.status }, h("header", { class: "row spread" }, h("h2", {}, `Order ${short(order.id)}`), line), progress(now), h("p", { class: `state note ${now.look}` }, now.text), code(), isHere(), said ? h("p", { class: `note ${said.look}`, role: "alert" }, said.text) : null, isDeclined(order) || isAwaited(order) ? anotherCard() : null, confirmation(), toChoose(), facts(), mayCancel(order) ? h("button", { type: "button", class: "bad", disabled: busy, "data-act": "cancel", "data-focus": "cancel", onclick: askToCancel }, "Cancel the order") : null),
      h("div", { class: "stack" }, goods(), history()),
    );
    if (!isDeclined(order) && !isAwaited(order)) card = undefined;
    if (open) body.querySelectorAll("details").forEach((each) => each.querySelector(".notices") && (each.open = true));
  }

  const live = new Live(`/v1/streams?order=${encodeURIComponent(id)}`, {
    headers: () => api.headers(),
    onEvent: read,
    onState: (state) => {
      const [word, look] = { live: ["Live", ""], connecting: ["Connecting\u2026", "warn"], offline: ["Offline", "bad"], refused: ["Not live", "warn"] }[state];
      fill(line, h("span", { class: `badge ${look}`, "data-line": state }, word));
      if (state === "live") read();
    },
  });
  const timer = setInterval(read, slowPoll);
  fill(view, body);
  read();
  return () => {
    live.end();
    clearInterval(timer);
  };
}
