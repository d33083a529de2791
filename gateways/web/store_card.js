// One item of the board as a card.
import { h, moment, short, span } from "./dom.js";
import { deadline, labelWords, nextAct, nothingFound, otherActs, statusWord, undoAct } from "./store_flow.js";
import { sheets } from "./store_sheets.js";

/** Fills in how long is left, in words that change by themselves; called again every few seconds. */
export function showTime(element, now) {
  const left = Date.parse(element.dataset.until) - now;
  element.textContent = left < 0 ? `${element.dataset.word}: overdue by ${span(left)}` : `${element.dataset.word} within ${span(left)}`;
  element.className = `badge time ${left < 0 ? "bad" : left < 10 * 60000 ? "warn" : ""}`;
  element.closest(".work")?.classList.toggle("overdue", left < 0);
}

function lines(item, counts, onCount) {
  const picking = item.status === "picking" && !item.put_back;
  return h(
    "ul",
    { class: "lines" },
    item.lines.map((line) => {
      const found = counts.get(line.line) ?? line.quantity;
      const missing = line.quantity - (picking ? found : line.found ?? line.quantity);
      const known = picking || !["offered", "accepted"].includes(item.status);
      return h(
        "li",
        {},
        h("span", { class: "quantity numbers" }, `${line.quantity} \u00d7`),
        h("span", { class: "what" }, h("b", {}, line.name || line.sku), h("span", { class: "small soft" }, line.sku), known && missing > 0 ? h("span", { class: "badge warn" }, `${missing} missing`) : null, line.handed_over ? h("span", { class: "badge" }, `${line.handed_over} handed over`) : null),
        picking
          ? h(
              "span",
              { class: "stepper", role: "group", "aria-label": `Found of ${line.name || line.sku}` },
              h("button", { type: "button", "aria-label": "One less", "data-focus": `${item.id}-less-${line.line}`, disabled: found === 0, onclick: () => onCount(line, found - 1) }, "\u2212"),
              h("output", { class: "numbers", "data-found": line.line }, String(found)),
              h("button", { type: "button", "aria-label": "One more", "data-focus": `${item.id}-more-${line.line}`, disabled: found === line.quantity, onclick: () => onCount(line, found + 1) }, "+"),
            )
          : null,
      );
    }),
  );
}

/** Under which number the parcel goes, or how it stands with the carrier's label. */
function parcelLabel(item) {
  const label = labelWords(item);
  if (!label) return null;
  const print = label.print ? h("a", { href: label.print, target: "_blank", rel: "noopener noreferrer" }, "Print label") : null;
  return h("span", { class: label.state === "failed" ? "badge warn" : "small", "data-label": label.state }, label.text, print ? " \u00b7 " : null, print);
}

function facts(item) {
  return [
    item.bin ? h("span", { class: "bin" }, "Bin ", h("b", {}, item.bin)) : null,
    item.status === "arrived" && item.escalated >= 100 ? h("span", { class: "badge bad", "data-waits": item.id }, "The customer is waiting") : null,
    item.car ? h("span", { class: "badge" }, item.car) : null,
    item.bay ? h("span", { class: "badge warn" }, `Bay ${item.bay}`) : null,
    parcelLabel(item),
    item.status === "shipped" && item.carrier_says ? h("span", { class: item.carrier_says === "return_to_sender" ? "badge warn" : "badge", "data-carrier-says": item.carrier_says }, `Carrier: ${item.carrier_says.replaceAll("_", " ")}`) : null,
    ["staged", "arrived"].includes(item.status) && item.tries_left === 0 ? h("span", { class: "badge bad" }, "Code locked: check ID") : null,
  ].filter(Boolean);
}

/** The large button while picking says what was found; if that is nothing, it asks why. */
function pickAct(item, counts) {
  const all = item.lines.reduce((sum, line) => sum + line.quantity, 0);
  const found = item.lines.reduce((sum, line) => sum + (counts.get(line.line) ?? line.quantity), 0);
  if (!found) return nothingFound;
  return { act: "pick", label: found < all ? `Picked ${found} of ${all}` : all === 1 ? "Picked" : `Picked all ${all}` };
}

/**
 * `view`: {counts, busy, refused, fresh}; `doAct(item, name, body, asked)` sends and returns the refusal or nothing; `onCount(line, found)`.
 */
export function card(item, view, now, doAct, onCount) {
  const send = (name, body) => doAct(item, name, body);
  const tap = ({ act, ask }) => (ask ? sheets[ask](item, (name, body) => doAct(item, name, body, true)) : send(act, act === "pick" ? { lines: item.lines.map((line) => ({ line: line.line, found: view.counts.get(line.line) ?? line.quantity })) } : {}));
  const button = (what, look) =>
    h("button", { type: "button", class: look, disabled: view.busy, "aria-busy": view.busy === what.act ? "true" : undefined, "data-act": what.act, "data-focus": `${item.id}-${what.act}`, onclick: () => tap(what) }, what.label);
  const usual = nextAct(item);
  const next = usual?.act === "pick" ? pickAct(item, view.counts) : usual;
  const undo = undoAct(item);
  const due = deadline(item);
  const time = due ? h("span", { "data-until": due.until, "data-word": due.word }) : null;
  const article = h(
    "article",
    { class: `card work stack ${view.fresh ? "fresh" : ""} ${item.put_back ? "back" : ""}`, "data-id": item.id, "data-order": item.order, "data-status": item.status, "aria-label": `Order ${short(item.order)}, ${statusWord(item)}` },
    h("header", { class: "row spread" }, h("h3", { class: "numbers" }, short(item.order)), h("span", { class: "row" }, h("span", { class: "badge" }, item.kind === "pickup" ? "Pickup" : item.kind === "transfer" ? (item.leaves ? `To ${item.to}` : `From ${item.from}`) : "Delivery"), h("span", { class: "small soft" }, moment(item.placed_at, now)))),
    h("div", { class: "row" }, h("span", { class: "status" }, item.put_back ? `${statusWord(item)}: put back` : statusWord(item)), time, facts(item)),
    item.stop_asked && item.kind === "fulfilment" && !item.put_back
      ? h("div", { class: "note warn stack" }, h("p", {}, "The customer wants to cancel. Can it still be stopped?"), h("div", { class: "row" }, button({ act: "confirm-stop", label: "Yes, stop it" }, "main"), button({ act: "refuse-stop", label: "No, too late" }, "")))
      : null,
    lines(item, view.counts, onCount),
    view.refused ? h("p", { class: "note bad", role: "alert" }, view.refused) : null,
    next && !(item.stop_asked && item.kind === "fulfilment") ? button(next, "main large") : null,
    h("footer", {}, otherActs(item).map((what) => button(what, what.bad ? "bad" : "")), undo ? button(undo, "") : null),
  );
  if (time) showTime(time, now);
  return article;
}
