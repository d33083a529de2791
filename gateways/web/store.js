// The store page: key, location, board.
import { Api } from "./api.js";
import { announce, fill, find, h, openDialog, short, whenLifted } from "./dom.js";
import { ring, setSound, soundOn } from "./signal.js";
import { Board } from "./store_board.js";
import { card, showTime } from "./store_card.js";
import { byUrgency, column, columns, done, statusWord, undoAct } from "./store_flow.js";

const keyName = "entrepot.store.key", placeName = "entrepot.store.location";
const undoTime = 12000, freshTime = 8000, tickTime = 5000;

const page = find("#page");
const api = new Api(() => localStorage.getItem(keyName));
let board, tab = "new";
const views = new Map(); // what the page knows of an item beside the item itself: counts, busy, refused, fresh

const viewOf = (id) => views.get(id) ?? views.set(id, { counts: new Map() }).get(id);

// ---------------------------------------------------------------------------------------------------------------- key

/** A key in the address is kept and removed there, so that it is in no history and on no screen. */
function takeKeyFromAddress() {
  const key = new URLSearchParams(location.hash.slice(1)).get("key");
  if (!key) return false;
  localStorage.setItem(keyName, key);
  history.replaceState(null, "", location.pathname + location.search);
  return true;
}

function askForKey(text) {
  board?.end();
  const input = h("input", { type: "password", required: true, autocomplete: "current-password", name: "key", autofocus: true });
  const submit = (event) => {
    event.preventDefault();
    localStorage.setItem(keyName, input.value.trim());
    start();
  };
  fill(
    page,
    h("main", { class: "gate" }, h("form", { class: "card stack", onsubmit: submit }, h("h1", {}, "Store orders"), text ? h("p", { class: "note bad", role: "alert" }, text) : null, h("label", { class: "field" }, "Key of this store", input), h("button", { class: "main" }, "Sign in"))),
  );
}

function signOut() {
  localStorage.removeItem(keyName);
  views.clear();
  askForKey();
}

async function start() {
  if (!localStorage.getItem(keyName)) return askForKey();
  fill(page, h("p", { class: "gate soft", role: "status" }, "Signing in\u2026"));
  try {
    open(await api.get("/v1/me"));
  } catch (problem) {
    if (problem.status === 401) return signOut(), askForKey("The server does not know this key.");
    fill(page, h("div", { class: "gate stack" }, h("p", { class: "note bad", role: "alert" }, problem.message), h("button", { class: "main", onclick: start }, "Try again"), h("button", { onclick: signOut }, "Another key")));
    if (problem.status === 0 || problem.status >= 500) setTimeout(() => find(".gate .main", page)?.click(), 3000);
  }
}

// -------------------------------------------------------------------------------------------------------------- frame

function open(me) {
  if (!["staff", "operator", "admin"].includes(me.role)) return askForKey(`A key with the role \u201c${me.role}\u201d cannot work in a store.`);
  const places = me.locations?.length ? me.locations : me.stores.map((code) => ({ code, name: code }));
  if (!places.length) return askForKey("This key belongs to no store.");
  const place = places.find(({ code }) => code === localStorage.getItem(placeName)) || places.find(({ type }) => type === "store") || places[0];
  const choose = h("select", { "aria-label": "Store", onchange: () => (localStorage.setItem(placeName, choose.value), open(me)) }, places.map(({ code, name }) => h("option", { value: code, selected: code === place.code }, name)));
  document.title = place.name;
  fill(
    page,
    h("header", { class: "top" }, h("div", { class: "wide" }, places.length > 1 ? h("h1", {}, choose) : h("h1", {}, place.name), h("span", { id: "line", role: "status" }), h("button", { type: "button", class: "quiet", "aria-haspopup": "dialog", onclick: () => showMenu(me, place) }, "Menu"))),
    h("div", { id: "alarm", role: "alert" }),
    h("div", { id: "tabs", role: "tablist", "aria-label": "Work" }, columns.map(tabButton)),
    h("main", { id: "board" }, columns.map((each) => h("section", { id: `column-${each.id}`, role: "tabpanel", "aria-labelledby": `tab-${each.id}` }, h("h2", {}, each.title, " ", h("span", { class: "count badge numbers" })), h("div", { class: "stack" })))),
  );
  board?.end();
  views.clear();
  board = new Board(api, place.code, { changed, replaced: showAll, state: showLine });
  showTab();
}

/** The end of the day: what lies there for how long, and what has to be fetched today. */
async function showAgeing(place) {
  let said;
  try {
    const { bags, due_today } = await api.get(`/v1/locations/${encodeURIComponent(place.code)}/ageing`);
    const age = (days) => (days === 0 ? "since today" : days === 1 ? "for a day" : `for ${days} days`);
    said = bags.length
      ? [h("p", {}, `${bags.length} ${bags.length === 1 ? "bag" : "bags"}, ${due_today} to be fetched today.`), h("ul", { class: "rows", "data-ageing": bags.length }, bags.map((bag) => h("li", { class: "row spread" }, h("b", {}, bag.pickup.bin ?? "", " \u00b7 ", short(bag.pickup.order)), h("span", { class: bag.due_today ? "badge bad" : "soft" }, bag.due_today ? "due today" : age(bag.age_days)))))]
      : h("p", { class: "soft" }, "Nothing lies there.");
  } catch (problem) {
    said = h("p", { class: "note bad", role: "alert" }, problem.message);
  }
  openDialog("Bags by age", () => [h("div", { class: "stack" }, said)]);
}

function showMenu(me, place) {
  openDialog(place.name, (close) => [
    h(
      "div",
      { class: "stack" },
      h("p", { class: "soft" }, `Signed in: ${me.person || me.role}`),
      h("label", { class: "choice" }, h("input", { type: "checkbox", checked: soundOn(), onchange: (event) => setSound(event.target.checked) }), "Sound for new orders"),
      h("button", { type: "button", "data-act": "ageing", onclick: () => (close(), showAgeing(place)) }, "Bags by age"),
      h("button", { type: "button", onclick: () => (close(), signOut()) }, "Sign out"),
    ),
  ]);
}

function tabButton(each) {
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = columns.findIndex(({ id }) => id === tab);
    tab = columns[(at + step + columns.length) % columns.length].id;
    showTab();
    find(`#tab-${tab}`).focus();
  };
  return h("button", { type: "button", role: "tab", id: `tab-${each.id}`, "aria-controls": `column-${each.id}`, onclick: () => ((tab = each.id), showTab()), onkeydown: move }, h("span", {}, each.short || each.title), h("span", { class: "count badge numbers" }));
}

function showTab() {
  for (const { id } of columns) {
    const chosen = id === tab;
    find(`#tab-${id}`).setAttribute("aria-selected", String(chosen));
    find(`#tab-${id}`).tabIndex = chosen ? 0 : -1;
    find(`#column-${id}`).classList.toggle("chosen", chosen);
  }
}

const lineWords = { live: ["Live", ""], connecting: ["Connecting\u2026", "warn"], offline: ["Offline", "bad"], refused: ["No access", "bad"] };
function showLine(state, problem) {
  const line = find("#line");
  if (!line) return;
  if (state === "refused" && problem?.status === 401) return askForKey("The server does not know this key any more.");
  const [word, look] = lineWords[state];
  fill(line, h("span", { class: `badge ${look}`, "data-line": state }, word));
  const text = { offline: "No connection. What you see may be old; the page goes on by itself when the line is back.", refused: problem?.detail || "The server refuses." }[state];
  // A short reconnect says nothing; what was said stays until the line is live again.
  if (text) fill(find("#alarm"), h("p", { class: "note bad" }, text));
  else if (state === "live") fill(find("#alarm"));
}

// -------------------------------------------------------------------------------------------------------------- board

function showColumn(id) {
  const items = [...board.items.values()].filter((item) => column(item) === id).sort(byUrgency);
  const now = api.now();
  const cards = items.map((item) => card(item, viewOf(item.id), now, doAct, (line, found) => (viewOf(item.id).counts.set(line.line, found), showColumn(id))));
  const section = find(`#column-${id}`);
  fill(find(".stack", section), cards.length ? cards : h("p", { class: "soft empty" }, columns.find((each) => each.id === id).empty));
  for (const count of [find(".count", section), find(`#tab-${id} .count`)]) {
    count.textContent = items.length;
    count.classList.toggle("none", !items.length);
  }
  find(`#tab-${id}`).setAttribute("aria-label", `${columns.find((each) => each.id === id).title}: ${items.length}`);
}

function showAll() {
  columns.forEach(({ id }) => stale.add(id));
  whenLifted(showStale);
}

const stale = new Set(); // columns that no longer show what the board knows
function showStale() {
  const ids = [...stale];
  stale.clear();
  ids.forEach(showColumn);
}

function changed(item, before) {
  const view = viewOf(item.id);
  if (before?.status !== item.status) {
    view.counts.clear();
    if (!view.busy) view.refused = undefined;
  }
  const now = column(item);
  if (!before && now === "new") welcome(item, view);
  else if (before && before.status !== item.status && !view.busy) announce(`Order ${short(item.order)}: ${statusWord(item)}`);
  if (!now) views.delete(item.id);
  [before && column(before), now].filter(Boolean).forEach((id) => stale.add(id));
  whenLifted(showStale);
}

/** A new order: heard, seen and said. */
function welcome(item, view) {
  view.fresh = true;
  setTimeout(() => {
    view.fresh = false;
    find(`[data-id="${CSS.escape(item.id)}"]`)?.classList.remove("fresh");
  }, freshTime);
  ring();
  announce(`New order ${short(item.order)}`);
  const button = find("#tab-new");
  button.classList.remove("pulse");
  void button.offsetWidth; // begins the pulse anew
  button.classList.add("pulse");
}

/** Sends an act and says what came of it. Returns the refusal, if it was one; `asked`: a sheet is open, which shows it. */
async function doAct(item, name, body, asked = false) {
  const view = viewOf(item.id);
  if (view.busy) return undefined;
  view.busy = name;
  view.refused = undefined;
  showColumn(column(item));
  const refused = await board.act(item, name, body);
  view.busy = undefined;
  const now = board.items.get(item.id);
  if (refused) {
    if (refused.item && refused.item.status !== item.status) refused.message += ` Now: ${statusWord(refused.item).toLowerCase()}.`;
    if (!asked) view.refused = refused.message;
    if (!now && !asked) toast(`Order ${short(item.order)}: ${refused.message}`, undefined, true);
  } else toast(`Order ${short(item.order)} ${done[name] || name}.`, now && undoAct(now) && !name.startsWith("un") && (() => doAct(board.items.get(item.id) ?? now, undoAct(now).act, {})));
  if (now) showColumn(column(now));
  return refused;
}

let toastTimer;
function toast(text, undo, bad = false) {
  const box = find("#toast");
  const close = () => fill(box);
  clearTimeout(toastTimer);
  toastTimer = setTimeout(close, undoTime);
  fill(box, h("div", { class: `said ${bad ? "bad" : ""}` }, h("span", {}, text), undo ? h("button", { type: "button", "data-act": "undo", onclick: () => (close(), undo()) }, "Undo") : null));
}

setInterval(() => document.querySelectorAll("[data-until]").forEach((element) => showTime(element, api.now())), tickTime);
addEventListener("hashchange", () => takeKeyFromAddress() && start());
takeKeyFromAddress();
start();
