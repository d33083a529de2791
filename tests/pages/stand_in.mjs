// A small server that speaks the contract of the staff and shop routes, for working on the pages without database and actors:
//
//   node tests/pages/stand_in.mjs [PORT] [STATE-FILE]
//
// Keys are names: "gateway", "staff" (all stores), "staff-LEEDS-1", "admin". With a state file it can be killed and started again, as the real server.
// POST /stand-in/order {"workflow","store","lines"} makes an order as a shop would; control() has more of the kind.
import { createServer } from "node:http";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync, renameSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { actOn } from "./stand_in_acts.mjs";

const web = join(dirname(fileURLToPath(import.meta.url)), "../../gateways/web");
const port = Number(process.argv[2] ?? 8090);
const stateFile = process.argv[3];

const pound = (amount) => ({ amount, currency: "GBP" });
const products = [
  ["MUG-1", "Mug, white", "kitchen", 650],
  ["MUG-2", "Mug, sage", "kitchen", 650],
  ["PLATE-1", "Dinner plate, white", "kitchen", 890],
  ["PAN-3", "Frying pan, 28 cm", "kitchen", 4080],
  ["TEAPOT-2", "Teapot, four cups", "kitchen", 3710],
  ["CUSHION-1", "Cushion, moss", "home", 1900],
  ["LAMP-1", "Table lamp, brass", "home", 6400],
  ["THROW-2", "Wool throw, rust", "home", 5990],
  ["TROWEL-1", "Trowel, ash handle", "garden", 1350],
  ["SECATEUR-1", "Secateurs, bypass", "garden", 2600],
].map(([sku, name, category, price]) => ({ sku, name, category, price: pound(price) }));
const locations = [
  { code: "DC", name: "Distribution centre", type: "warehouse", at: [53.683, -1.4977] },
  { code: "LEEDS-1", name: "Leeds, Briggate", type: "store", at: [53.7974, -1.5418] },
  { code: "LEEDS-2", name: "Leeds, Headingley", type: "store", at: [53.819, -1.576] },
  { code: "YORK-1", name: "York, Coney Street", type: "store", at: [53.9587, -1.0838] },
];
const options = [
  { option: "24h", name: "Transport 24h", charge: pound(2400), hours: 24 },
  { option: "72h", name: "Transport 72h", charge: pound(800), hours: 72 },
  { option: "std", name: "Standard", charge: pound(0), hours: 0 },
];

let state = { change: 0, next: 1, orders: {}, items: {}, answers: {} };
if (stateFile && existsSync(stateFile)) state = JSON.parse(readFileSync(stateFile, "utf8"));
let caughtUp = 0; // changes told to who came back, or came later than the board it has
let down = false, lose = 0; // lose: so many POSTs are carried out and not answered
const listeners = new Set(); // {location} or {order}, with send()

const at = (hours = 0) => new Date(Date.now() + hours * 3600000).toISOString();
const save = () => {
  if (!stateFile) return;
  writeFileSync(`${stateFile}.new`, JSON.stringify(state));
  renameSync(`${stateFile}.new`, stateFile);
};
const problem = (status, code, detail, more = {}) => ({ status, body: { type: `urn:entrepot:problem:${code}`, title: code, status, detail, code, ...more } });

// ------------------------------------------------------------------------------------------------------------- changes

export const itemView = ({ code, ...item }) => item;

function touch(item) {
  item.change = ++state.change;
  const order = state.orders[item.order];
  order.version += 1;
  save();
  for (const listener of listeners) if (listener.location === item.location) listener.send("work", item.change, itemView(item));
  touched(order);
}

function touched(order) {
  for (const listener of listeners) if (listener.order === order.id) listener.send("order", order.version, { id: order.id, status: order.status, version: order.version });
}

function tell(order, by, text, notice = null) {
  order.events.push({ at: at(), by, text, notice });
}

// -------------------------------------------------------------------------------------------------------------- orders

function makeOrder(body) {
  const number = String(state.next++).padStart(6, "0");
  const pickup = body.workflow === "bopis";
  const lines = body.lines.map((line, index) => {
    const product = products.find(({ sku }) => sku === line.sku);
    return { number: index + 1, sku: line.sku, name: product.name, quantity: line.quantity, unit_price: product.price, total: pound(product.price.amount * line.quantity) };
  });
  const charge = pickup ? 0 : options.find(({ option }) => option === body.delivery.option).charge.amount;
  const order = {
    id: `ord_0standin${number}`, status: "submitted", channel: body.channel ?? "web", workflow: pickup ? "bopis" : "bodah", version: 1, submitted_at: at(),
    lines, total: pound(lines.reduce((sum, line) => sum + line.total.amount, charge)),
    instalments: [{ number: 1, moment: "on_order", method: "card", amount: pound(lines.reduce((sum, line) => sum + line.total.amount, charge)), status: "capturing", decline_code: null, due: pound(lines.reduce((sum, line) => sum + line.total.amount, charge)), action: null }],
    pickup_store: body.pickup?.store, events: [], rejection: null,
    delivery: pickup ? null : { option: body.delivery.option, carrier: "Fedex", promise: at(24), address: body.delivery.address },
  };
  state.orders[order.id] = order;
  tell(order, "gateway", "Order received", "We have your order.");
  settle(order, body.payment?.token ?? "tok_visa");
  return order;
}

function settle(order, token) {
  const [instalment] = order.instalments;
  order.version += 1;
  if (token === "tok_declined" || !token.startsWith("tok_")) {
    instalment.status = "declined";
    instalment.decline_code = token.startsWith("tok_") ? "insufficient-funds" : "token-unknown";
    tell(order, "process", "Card declined", "Your card was declined.");
  } else if (token === "tok_3ds") {
    instalment.status = "requires_action";
    instalment.action = { url: `http://127.0.0.1:${port}/bank?order=${order.id}`, until: at(0.25) };
    tell(order, "process", "The customer is to confirm the payment at the bank", "Please confirm your payment at your bank.");
  } else {
    instalment.status = "captured";
    instalment.action = null;
    instalment.decline_code = null;
    order.status = "confirmed";
    tell(order, "process", "Order confirmed", "Your order is confirmed.");
    makeItem(order);
  }
  save();
  touched(order);
}

function makeItem(order) {
  const pickup = order.workflow === "bopis";
  const item = {
    id: `${pickup ? "pck" : "ful"}_${order.id.slice(4)}`, kind: pickup ? "pickup" : "fulfilment", order: order.id, status: pickup ? "offered" : "accepted",
    location: pickup ? order.pickup_store : "DC", placed_at: order.submitted_at, due: at(2), offer_until: pickup ? at(0.25) : null, collect_until: null, bin: null,
    lines: order.lines.map((line) => ({ line: line.number, sku: line.sku, name: line.name, quantity: line.quantity, found: line.quantity })),
    tries_left: 5, extended: false, stop_asked: false, put_back: false, tracking: null, label: null, code: String(100000 + (state.next * 7919) % 900000),
  };
  state.items[item.id] = item;
  touch(item);
}

function orderView(order, role) {
  const items = Object.values(state.items).filter((item) => item.order === order.id);
  const part = (item) => ({ id: item.id, kind: item.kind, status: item.status, location: item.location, due: item.due, lines: item.lines, tracking: item.tracking });
  const [pickup] = items.filter((item) => item.kind === "pickup");
  const { events, pickup_store, ...shown } = order;
  return {
    ...shown,
    pickup: pickup_store ? { store: pickup_store, ready_by: pickup?.due ?? at(2), code: role === "gateway" && ["staged", "arrived"].includes(pickup?.status) ? pickup.code : null } : null,
    pickups: items.filter((item) => item.kind === "pickup").map(part),
    fulfilments: items.filter((item) => item.kind === "fulfilment").map(part),
  };
}

function place(body, role) {
  if (!Array.isArray(body.lines) || !body.lines.length) return problem(400, "field-missing", "An order has lines.");
  if (body.lines.some(({ sku }) => sku === "PAN-3")) {
    const order = { id: `ord_0standin${state.next++}`, status: "rejected" };
    return problem(409, "stock-short", "Not enough units of PAN-3.", { order: order.id, errors: [{ pointer: "/lines/0/quantity", code: "stock-short", detail: "0 are available." }] });
  }
  const order = makeOrder(body);
  if (order.instalments[0].status === "declined") return problem(402, "payment-declined", `The card was declined (${order.instalments[0].decline_code}). Another one may be given within a quarter of an hour.`, { order: order.id });
  return { status: 201, body: orderView(order, role) };
}

function pay(order, body, role) {
  if (order.instalments[0].status !== "declined") return problem(409, "payment-not-declined", "Nothing is declined.");
  settle(order, body.token);
  if (order.instalments[0].status === "declined") return problem(402, "payment-declined", `The card was declined (${order.instalments[0].decline_code}).`, { order: order.id });
  return { status: 200, body: orderView(order, role) };
}

/** A rejected pickup goes on in another store, or ends; a delivery is told of only. */
function choose(order, body, role) {
  if (!order.choice?.until) return problem(409, "nothing-to-choose", "There is nothing to choose.");
  order.choice = { made: body.choice === "store" ? "another_store" : body.choice, until: null, lines: [] };
  if (body.choice === "cancel") return cancel(order, role);
  tell(order, "gateway", `The customer chooses: ${body.choice}`, body.choice === "store" ? `We ask our store ${body.store}.` : "We send it to you.");
  touched(order);
  save();
  return { status: 200, body: orderView(order, role) };
}

/** As the order's machine: nothing that has left is cancelled, a packed parcel is asked for, everything else stops at once. */
function cancel(order, role) {
  const [item] = Object.values(state.items).filter((each) => each.order === order.id);
  if (order.status === "rejected") return problem(409, "order-not-open", "The order is not open.");
  if (order.status === "completed" || (item && ["shipped", "delivered", "handed_over"].includes(item.status))) return problem(409, "units-issued", "Units have been issued.");
  if (item?.status === "packed") {
    order.status = "cancelling";
    Object.assign(item, { stop_asked: true, stop_until: at(0.5) });
    touch(item);
    return { status: 202, body: orderView(order, role) };
  }
  order.status = "cancelled";
  for (const instalment of order.instalments) instalment.status = instalment.status === "captured" ? "refunded" : "voided";
  tell(order, "gateway", "Order cancelled", "Your order is cancelled; you get your money back.");
  if (item) {
    item.put_back = ["picking", "picked", "staged", "arrived"].includes(item.status);
    item.status = "cancelled";
    touch(item);
  } else save();
  touched(order);
  return { status: 200, body: orderView(order, role) };
}

const world = { state, touch, tell, problem, at, itemView };

// ---------------------------------------------------------------------------------------------------------------- http

function principal(request) {
  const key = (request.headers.authorization ?? "").replace(/^Bearer /, "");
  if (key === "gateway") return { key, role: "gateway", stores: [], channels: ["web"], person: null };
  if (key === "staff" || key === "admin") return { key, role: key, stores: [], channels: [], person: null };
  if (/^staff-/.test(key)) return { key, role: "staff", stores: [key.slice(6)], channels: [], person: "till-1" };
  return undefined;
}

const open = (item) => item.put_back || !["delivered", "handed_over", "rejected", "cancelled", "no_show", "refused_by_customer"].includes(item.status);

function get(me, path, query) {
  let match;
  if (path === "/v1/me") return { status: 200, body: { role: me.role, stores: me.stores, channels: me.channels, person: me.person, locations: locations.filter(({ code }) => !me.stores.length || me.stores.includes(code)).map(({ at: _, ...rest }) => rest) } };
  if (path === "/v1/products") return { status: 200, body: { items: products, next: "" } };
  if (path === "/v1/availability") return availability(query);
  if ((match = /^\/v1\/locations\/([^/]+)\/(pickup|fulfilment)s$/.exec(path))) {
    if (me.stores.length && !me.stores.includes(match[1])) return problem(403, "scope-denied", "This key is for another store.");
    return { status: 200, body: { items: Object.values(state.items).filter((item) => item.location === match[1] && item.kind === match[2] && open(item)).map(itemView), as_of: state.change } };
  }
  if ((match = /^\/v1\/locations\/([^/]+)\/ageing$/.exec(path))) {
    const bags = Object.values(state.items).filter((item) => item.location === match[1] && ["staged", "arrived"].includes(item.status)).map((item) => ({ age_days: 0, due_today: false, pickup: itemView(item) }));
    return { status: 200, body: { bags, ages: [], due_today: 0, as_of: state.change } };
  }
  if ((match = /^\/v1\/(?:pickups|fulfilments)\/([^/]+)$/.exec(path))) return state.items[match[1]] ? { status: 200, body: itemView(state.items[match[1]]) } : problem(404, "unknown", "There is no such thing.");
  if ((match = /^\/v1\/orders\/([^/]+)(\/events)?$/.exec(path))) {
    const order = state.orders[match[1]];
    if (!order) return problem(404, "order-unknown", "There is no such order.");
    return { status: 200, body: match[2] ? { items: order.events } : orderView(order, me.role) };
  }
  return problem(404, "not-found", "There is nothing at this path.");
}

function availability(query) {
  const near = query.get("near")?.split(",").map(Number);
  const wanted = (query.get("lines") ?? "").split(",").map((part) => part.split(":")[0]);
  const stores = locations.filter(({ type }) => type === "store").map(({ code, name, at: place }) => {
    const short = code === "LEEDS-2" ? wanted.filter((sku) => sku === "MUG-1") : [];
    return { code, name, distance_km: near ? Math.round(Math.hypot((place[0] - near[0]) * 111, (place[1] - near[1]) * 66) * 10) / 10 : null, available: !short.length, short, ready_by: at(2) };
  });
  stores.sort((a, b) => (a.distance_km ?? 0) - (b.distance_km ?? 0));
  return { status: 200, body: { stores, delivery: options.map(({ hours, ...option }) => ({ ...option, promise: hours ? at(hours) : null, available: true })) } };
}

function post(me, path, body) {
  let match;
  if (path === "/v1/orders") return place(body, me.role);
  if ((match = /^\/v1\/orders\/([^/]+)\/(payments|cancellations|choices)$/.exec(path))) {
    const order = state.orders[match[1]];
    if (!order) return problem(404, "order-unknown", "There is no such order.");
    return match[2] === "payments" ? pay(order, body, me.role) : match[2] === "choices" ? choose(order, body, me.role) : cancel(order, me.role);
  }
  if ((match = /^\/v1\/(?:pickups|fulfilments)\/([^/]+)\/([a-z-]+)$/.exec(path))) {
    const item = state.items[match[1]];
    if (!item) return problem(404, "unknown", "There is no such thing.");
    if (me.stores.length && !me.stores.includes(item.location)) return problem(403, "scope-denied", "This key is for another store.");
    return actOn(world, item, match[2], body);
  }
  return problem(404, "not-found", "There is nothing at this path.");
}

function stream(me, query, request, response) {
  const after = Number(request.headers["last-event-id"] ?? query.get("after") ?? 0);
  response.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  response.write("retry: 1000\n\n");
  const listener = { location: query.get("location"), order: query.get("order"), send: (event, id, data) => response.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`), end: () => response.destroy() };
  if (listener.location) Object.values(state.items).filter((item) => item.location === listener.location && item.change > after).sort((a, b) => a.change - b.change).forEach((item) => (caughtUp++, listener.send("work", item.change, itemView(item))));
  else if (state.orders[listener.order]?.version > after) touched.call(null, state.orders[listener.order]), listener.send("order", state.orders[listener.order].version, { id: listener.order, status: state.orders[listener.order].status, version: state.orders[listener.order].version });
  listeners.add(listener);
  const beat = setInterval(() => response.write(": still here\n\n"), 15000);
  response.on("close", () => (clearInterval(beat), listeners.delete(listener)));
}

const types = { ".html": "text/html; charset=utf-8", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml" };
function file(path, response) {
  const name = path === "/store" || path === "/shop" ? `${path.slice(1)}.html` : path.slice("/web/".length);
  if (!/^[a-z_]+\.[a-z]+$/.test(name) || !existsSync(join(web, name))) return send(response, problem(404, "not-found", "There is nothing at this path."));
  response.writeHead(200, { "Content-Type": types[extname(name)], "Cache-Control": "no-cache", "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'" });
  response.end(readFileSync(join(web, name)));
}

function send(response, { status, body }) {
  response.writeHead(status, { "Content-Type": status < 400 ? "application/json" : "application/problem+json", Date: new Date().toUTCString() });
  response.end(JSON.stringify(body));
}

function control(path, body) {
  if (path === "/stand-in/order") return { status: 200, body: orderView(makeOrder(body), "gateway") };
  if (path === "/stand-in/line") {
    down = body.down;
    if (down) for (const listener of [...listeners]) listener.end();
    return { status: 200, body: {} };
  }
  if (path === "/stand-in/quiet") {
    Object.assign(state.items[body.id], body);
    return { status: 200, body: {} };
  }
  if (path === "/stand-in/lose") {
    lose = body.answers;
    return { status: 200, body: {} };
  }
  if (path === "/stand-in/count") return { status: 200, body: { orders: Object.keys(state.orders).length, caughtUp } };
  if (path === "/stand-in/no-show") {
    const item = Object.values(state.items).find((each) => each.order === body.order);
    item.status = "no_show";
    tell(state.orders[item.order], "process", "Not collected in time", "You did not collect your order in time; you get your money back.");
    touch(item);
    return { status: 200, body: {} };
  }
  return problem(404, "not-found", "There is nothing at this path.");
}

/** The customer's bank: a page with one button, and what it does. */
function bank(url, request, response) {
  const order = state.orders[url.searchParams.get("order")];
  if (request.method === "POST") settle(order, "tok_visa");
  const page = request.method === "POST" ? "<p>Thank you: it is confirmed.</p>" : `<form method="post"><button id="confirm">Confirm</button></form>`;
  response.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><title>The bank</title>${page}`);
}

async function answer(request, response) {
  const url = new URL(request.url, "http://here");
  const path = url.pathname;
  if (down && !path.startsWith("/stand-in/")) return request.socket.destroy();
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  if (path.startsWith("/stand-in/")) return send(response, control(path, JSON.parse(text)));
  if (path === "/readyz") return send(response, { status: 200, body: { status: "ready" } });
  if (path === "/bank") return bank(url, request, response);
  if (path === "/shop/session") return send(response, { status: 200, body: { key: "gateway", channel: "web" } });
  if (path === "/store" || path === "/shop" || path.startsWith("/web/")) return file(path, response);
  const me = principal(request);
  if (!me) return send(response, problem(401, "key-unknown", "This API key is not known, or has been revoked."));
  if (path === "/v1/streams") return stream(me, url.searchParams, request, response);
  if (request.method === "GET") return send(response, get(me, path, url.searchParams));
  const key = request.headers["idempotency-key"];
  if (!key) return send(response, problem(400, "idempotency-key-missing", "Send an Idempotency-Key."));
  const pair = createHash("sha256").update(`${me.key} ${path} ${key}`).digest("hex");
  state.answers[pair] ??= post(me, path, text ? JSON.parse(text) : {});
  save();
  if (lose > 0 && lose--) return request.socket.destroy();
  send(response, state.answers[pair]);
}

createServer((request, response) => answer(request, response).catch((defect) => (console.error(defect), response.destroy()))).listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}`));
