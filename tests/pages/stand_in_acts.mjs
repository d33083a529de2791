// What staff do with an item, as the tables of domain/README.md say: from which status, to which, what is already so, and what it is refused with.

const isWhole = (item) => !item.lines.some(({ found, quantity }) => found < quantity);
const table = {
  accept: { from: ["offered"], to: "accepted", same: ["accepted"], no: "not-offered", told: "Accepted by the store" },
  reject: { from: ["offered", "accepted", "picking"], to: "rejected", same: ["rejected"], no: "not-open", told: "Rejected by the store", notice: "The store cannot supply your order; you get your money back." },
  "start-pick": { from: ["accepted"], to: "picking", same: ["picking"], no: "not-accepted", told: "Picking started" },
  pick: { from: ["accepted", "picking"], to: "picked", no: "not-accepted", told: "Picked" },
  stage: { from: ["picked"], to: "staged", no: "not-picked", told: "Put aside for the customer", kind: "pickup" },
  arrive: { from: ["staged"], to: "arrived", same: ["arrived"], no: "not-staged", told: "Customer is here", kind: "pickup" },
  "hand-over": { from: ["staged", "arrived"], to: "handed_over", no: "not-staged", told: "Handed over", kind: "pickup" },
  refuse: { from: ["staged", "arrived"], to: "refused_by_customer", same: ["refused_by_customer"], no: "not-staged", told: "Customer did not take it", kind: "pickup" },
  extend: { from: ["staged"], no: "not-staged", told: "Kept longer", kind: "pickup" },
  "resend-code": { from: ["staged", "arrived"], no: "not-staged", told: "Code sent again", kind: "pickup" },
  unaccept: { from: ["accepted"], to: "offered", same: ["offered"], no: "not-accepted", told: "Acceptance taken back" },
  unpick: { from: ["picking", "picked"], to: "accepted", same: ["accepted"], no: "not-picked", told: "Picking taken back" },
  unstage: { from: ["staged"], to: "picked", same: ["picked"], no: "not-staged", told: "Taken from the bin again", kind: "pickup" },
  unpack: { from: ["packed"], to: "picked", same: ["picked"], no: "not-packed", told: "Unpacked", kind: "fulfilment" },
  pack: { from: ["picked"], to: "packed", no: "not-picked", told: "Packed", kind: "fulfilment" },
  ship: { from: ["packed"], to: "shipped", same: ["shipped", "delivered"], no: "not-packed", told: "Shipped", kind: "fulfilment", notice: "Your parcel is on its way." },
  deliver: { from: ["shipped"], to: "delivered", same: ["delivered"], no: "not-shipped", told: "Delivered", kind: "fulfilment", notice: "Your parcel has been delivered." },
  "put-back": { from: ["cancelled", "rejected", "no_show", "refused_by_customer"], told: "Goods are back on the shelf" },
  "confirm-stop": { from: ["packed"], to: "cancelled", same: ["cancelled"], told: "Stopped", kind: "fulfilment" },
  "refuse-stop": { from: ["packed"], told: "Too late to stop", kind: "fulfilment" },
};

/** Returns the code with which the machine refuses the act where its table has a condition; nothing: it goes. */
function unmet(name, item, body) {
  if (name === "unaccept" && item.kind === "fulfilment" && !item.offer_until) return "fulfilment-not-offered";
  if (name === "unpick" && item.status === "picked" && !isWhole(item)) return "short-pick-settled";
  if (name === "pick" && !item.lines.some(({ line, quantity }) => (body.lines.find((each) => each.line === line)?.found ?? quantity) > 0)) return "quantity-invalid";
  if (name === "extend" && item.extended) return "already-extended";
  if (name === "put-back" && !item.put_back) return "nothing-to-put-back";
  if (["confirm-stop", "refuse-stop"].includes(name) && !item.stop_asked) return "stop-not-asked";
  if (name === "stage" && !body.bin) return "bin-missing";
  return undefined;
}

/** Returns the code of a status from which the act does not go. */
function closed(name, item) {
  if (name === "hand-over" && item.status === "handed_over") return "already-handed-over";
  if (name === "put-back") return "nothing-to-put-back";
  if (["confirm-stop", "refuse-stop"].includes(name)) return "stop-not-asked";
  if (["ship", "unpack"].includes(name) && item.status === "cancelled") return "fulfilment-cancelled";
  return `${item.kind}-${table[name].no}`;
}

/** Returns {status, body} of the answer. */
export function actOn({ state, touch, tell, problem, at, itemView }, item, name, body) {
  const act = table[name];
  if (!act || (act.kind && act.kind !== item.kind)) return problem(404, "not-found", "There is nothing at this path.");
  const shown = () => {
    const { change, ...rest } = itemView(item);
    return { status: 200, body: { ...rest, version: change } };
  };
  if (act.same?.includes(item.status)) return shown();
  if (!act.from.includes(item.status)) return problem(409, closed(name, item), `This is ${item.status.replaceAll("_", " ")}: it cannot be done now.`);
  const missing = unmet(name, item, body);
  if (missing) return problem(["quantity-invalid", "bin-missing"].includes(missing) ? 422 : 409, missing, `Refused: ${missing}.`);
  const order = state.orders[item.order];
  if (name === "hand-over" && !body.id_checked) {
    if (item.tries_left === 0) return problem(409, "code-locked", "The code is locked: check the customer's identity.");
    if (body.code !== item.code) {
      item.tries_left -= 1;
      touch(item);
      return item.tries_left ? problem(422, "code-wrong", `The code is wrong. ${item.tries_left} tries left.`) : problem(409, "code-locked", "The code was wrong too often. Check the customer's identity.");
    }
  }
  if (name === "hand-over") {
    const whole = item.lines.map(({ line, found, quantity, handed_over }) => ({ line, quantity: (found ?? quantity) - (handed_over ?? 0) }));
    for (const { line, quantity } of body.lines ?? whole) {
      const of = item.lines.find((each) => each.line === line);
      if (!of || quantity > whole.find((each) => each.line === line).quantity) return problem(422, "quantity-invalid", "No more is handed over than lies there.");
      of.handed_over = (of.handed_over ?? 0) + quantity;
    }
    item.part = item.lines.some(({ found, quantity, handed_over }) => (handed_over ?? 0) < (found ?? quantity)) && body.rest === "stays";
    item.put_back = body.rest === "refused";
  }
  if (name === "reject" && !body.reason) return problem(400, "field-missing", "A reason is needed.");
  if (name === "pick") for (const { line, found } of body.lines) item.lines.find((each) => each.line === line).found = found;
  if (name === "reject") item.put_back = item.status === "picking";
  if (name === "reject" && item.kind === "pickup") order.choice = { made: null, until: at(24), lines: item.lines.map(({ line, quantity }) => ({ line, quantity })) };
  if (name === "stage") Object.assign(item, { bin: body.bin, collect_until: at(48) });
  if (name === "arrive") Object.assign(item, { bay: body.bay ?? null, car: body.car ?? null, arrived_at: at(0) });
  if (name === "unstage") Object.assign(item, { bin: null, collect_until: null });
  if (name === "extend") Object.assign(item, { collect_until: at(72), extended: true });
  if (name === "pack") item.label = { status: "ready", carrier: "Fedex", tracking: `TRK-${item.id.slice(-3)}`, document: "https://carrier.example/labels/1", code: null };
  if (name === "unpack") item.label = null;
  if (name === "ship") item.tracking = body.tracking ?? item.label.tracking;
  if (name === "put-back") item.put_back = false;
  if (name === "refuse-stop") {
    item.stop_asked = false;
    order.status = "in_fulfilment";
  }
  if (name === "confirm-stop") {
    Object.assign(item, { stop_asked: false, put_back: true });
    order.status = "cancelled";
  }
  if (name === "refuse") item.put_back = true;
  if (act.to) item.status = item.part && name === "hand-over" ? "staged" : act.to;
  tell(order, "staff", act.told, name === "stage" ? `Your order is ready. Your code is ${item.code}.` : act.notice ?? null);
  if (item.status === "handed_over" || item.status === "delivered") order.status = "completed";
  else if (item.status === "shipped") order.status = "in_fulfilment";
  touch(item);
  return shown();
}
