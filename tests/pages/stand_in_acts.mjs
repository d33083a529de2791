// What staff do with an item, as the contract says: from which status, to which, and what it refuses.

const table = {
  accept: { from: ["offered"], to: "accepted", told: "Accepted by the store" },
  reject: { from: ["offered", "accepted", "picking", "picked"], to: "rejected", told: "Rejected by the store", notice: "The store cannot supply your order; you get your money back." },
  "start-pick": { from: ["accepted"], to: "picking", told: "Picking started" },
  pick: { from: ["accepted", "picking"], to: "picked", told: "Picked" },
  stage: { from: ["picked"], to: "staged", told: "Put aside for the customer", kind: "pickup" },
  arrive: { from: ["staged"], to: "arrived", told: "Customer is here", kind: "pickup" },
  "hand-over": { from: ["staged", "arrived"], to: "handed_over", told: "Handed over", kind: "pickup" },
  refuse: { from: ["staged", "arrived"], to: "refused_by_customer", told: "Customer did not take it", kind: "pickup" },
  extend: { from: ["staged", "arrived"], told: "Kept longer", kind: "pickup" },
  "resend-code": { from: ["staged", "arrived"], told: "Code sent again", kind: "pickup" },
  unaccept: { from: ["accepted"], to: "offered", told: "Acceptance taken back" },
  unpick: { from: ["picked"], to: "picking", told: "Picking taken back" },
  unstage: { from: ["staged"], to: "picked", told: "Taken from the bin again", kind: "pickup" },
  unpack: { from: ["packed"], to: "picked", told: "Unpacked", kind: "fulfilment" },
  pack: { from: ["picked"], to: "packed", told: "Packed", kind: "fulfilment" },
  ship: { from: ["packed"], to: "shipped", told: "Shipped", kind: "fulfilment", notice: "Your parcel is on its way." },
  deliver: { from: ["shipped"], to: "delivered", told: "Delivered", kind: "fulfilment", notice: "Your parcel has been delivered." },
  "put-back": { from: ["cancelled", "no_show", "refused_by_customer"], told: "Goods are back on the shelf" },
  "confirm-stop": { from: ["accepted", "picking", "picked", "packed"], to: "cancelled", told: "Stopped", kind: "fulfilment" },
  "refuse-stop": { from: ["accepted", "picking", "picked", "packed"], told: "Too late to stop", kind: "fulfilment" },
};

const needed = { stage: "staged", "hand-over": "staged" };

/** Returns {status, body} of the answer. */
export function actOn({ state, touch, tell, problem, at, itemView }, item, name, body) {
  const act = table[name];
  if (!act || (act.kind && act.kind !== item.kind)) return problem(404, "not-found", "There is nothing at this path.");
  if (!act.from.includes(item.status)) return problem(409, `${item.kind}-not-${needed[name] ?? act.from[0]}`, `This is ${item.status.replaceAll("_", " ")}: it cannot be done now.`);
  const order = state.orders[item.order];
  if (name === "hand-over" && !body.id_checked) {
    if (item.tries_left === 0) return problem(409, "code-locked", "The code is locked: check the customer's identity.");
    if (body.code !== item.code) {
      item.tries_left -= 1;
      touch(item);
      return item.tries_left ? problem(422, "code-wrong", `The code is wrong. ${item.tries_left} tries left.`) : problem(409, "code-locked", "The code was wrong too often. Check the customer's identity.");
    }
  }
  if (name === "reject" && !body.reason) return problem(400, "field-missing", "A reason is needed.");
  if (name === "pick") for (const { line, found } of body.lines) item.lines.find((each) => each.line === line).found = found;
  if (name === "unpick") for (const line of item.lines) line.found = null;
  if (name === "stage") Object.assign(item, { bin: body.bin, collect_until: at(48) });
  if (name === "unstage") Object.assign(item, { bin: null, collect_until: null });
  if (name === "extend") item.collect_until = at(72);
  if (name === "ship") item.tracking = body.tracking ?? null;
  if (name === "put-back") item.put_back = false;
  if (name === "refuse-stop") item.stop_asked = false;
  if (name === "confirm-stop") Object.assign(item, { stop_asked: false, put_back: item.status !== "accepted" });
  if (name === "refuse") item.put_back = true;
  if (act.to) item.status = act.to;
  tell(order, "staff", act.told, name === "stage" ? `Your order is ready. Your code is ${item.code}.` : act.notice ?? null);
  if (name === "handed_over" || item.status === "handed_over" || item.status === "delivered") order.status = "completed";
  touch(item);
  const { change, ...shown } = itemView(item);
  return { status: 200, body: { ...shown, version: change } };
}
