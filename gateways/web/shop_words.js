// An order in plain words: what is going on, how far it is, what may still be done. No page in here.

import { moment } from "./dom.js";

const pickupSteps = ["Ordered", "Paid", "Prepared", "Ready", "Collected"];
const deliverySteps = ["Ordered", "Paid", "Packed", "On its way", "Delivered"];

const pickupWords = {
  none: [1, "Your order is confirmed. We are passing it on to the store."],
  offered: [1, "Your order is confirmed. The store is about to accept it."],
  accepted: [1, "The store has accepted your order."],
  picking: [2, "The store is collecting your goods from the shelves."],
  picked: [3, "Your goods have been collected from the shelves."],
  staged: [4, "Ready for you. Show this code in the store:"],
  arrived: [4, "The store knows that you are there. Show this code:"],
  paying: [4, "The payment is being taken."],
  handed_over: [5, "You have collected your order. Thank you!"],
  rejected: [1, "The store cannot supply your order."],
  cancelled: [1, "Your order is cancelled. What you paid is given back."],
  no_show: [4, "You did not collect your order in time. It is closed, and what you paid is given back."],
  refused_by_customer: [4, "You did not take the goods. What you paid is given back."],
};
const deliveryWords = {
  none: [1, "Your order is confirmed."],
  offered: [1, "Your order is confirmed. It is about to be prepared."],
  accepted: [1, "Your order is being prepared."],
  picking: [2, "Your goods are being collected from the shelves."],
  picked: [2, "Your goods are about to be packed."],
  packed: [3, "Your parcel is packed."],
  shipped: [4, "Your parcel is on its way."],
  delivered: [5, "Your parcel has been delivered. Thank you!"],
  failed: [2, "Your parcel did not make it. We send it again, or your money goes back to you."],
  returned_to_origin: [2, "Your parcel has come back to us. What you paid for it is given back."],
  rejected: [1, "Your order cannot be supplied from there; we are looking for another way."],
  cancelled: [1, "Your order is cancelled. What you paid is given back."],
};
const over = ["handed_over", "delivered", "no_show", "refused_by_customer", "cancelled"];
const gone = ["shipped", ...over, "paying"];

/** The parts of an order that are still of interest; one that was rejected counts only if nothing took its place. */
function parts(order) {
  const all = [...(order.pickups ?? []), ...(order.fulfilments ?? [])];
  const alive = all.filter(({ status }) => !["rejected", "cancelled", "failed", "returned_to_origin"].includes(status));
  return alive.length ? alive : all.slice(-1);
}

export const isPickup = (order) => order.workflow === "bopis" || Boolean(order.pickup);
export const isDeclined = (order) => order.status === "submitted" && order.instalments.some(({ status }) => status === "declined");
/** Whether the customer was asked to pay with a card, by the link that led here, and has not yet. */
export const isAwaited = (order) => order.status === "submitted" && order.instalments.some(({ status, method }) => status === "awaited" && method === "card");
const payBy = (order) => order.instalments.find(({ pay_by }) => pay_by)?.pay_by;
/** Where the customer confirms a payment at the bank, and until when; undefined: nothing is to be confirmed. */
export const toConfirm = (order) => order.instalments.find(({ action }) => action)?.action;

/** {text, steps, step, look, over}: `step` is how many steps are done. */
export function story(order) {
  const pickup = isPickup(order);
  const steps = pickup ? pickupSteps : deliverySteps;
  if (order.status === "rejected") return { text: order.rejection?.text ? `We cannot supply your order. ${order.rejection.text}` : "We cannot supply your order. You have paid nothing.", steps, step: 0, look: "bad", over: true };
  if (order.status === "cancelled") return { text: "Your order is cancelled. What you paid is given back.", steps, step: 0, look: "warn", over: true };
  if (order.status === "cancelling") return { text: "Your order is being cancelled. We are stopping the work on it and tell you how it ended.", steps, step: 1, look: "warn", over: false };
  if (isAwaited(order)) return { text: `The goods are kept for you until ${moment(payBy(order))}: please give your card.`, steps, step: 1, look: "warn", over: false };
  if (order.status === "submitted" && payBy(order)) return { text: `Please pay at the till by ${moment(payBy(order))}. The goods are kept for you until then.`, steps, step: 1, look: "warn", over: false };
  if (isDeclined(order)) return { text: "Your card was declined. The goods are kept for you for a while: give another card.", steps, step: 1, look: "bad", over: false };
  if (toConfirm(order)) return { text: "Your bank wants you to confirm the payment. The goods are kept for you until then.", steps, step: 1, look: "warn", over: false };
  if (order.on_hold?.length) return { text: "We are looking at your order before it goes on, and tell you as soon as it does.", steps, step: 1, look: "warn", over: false };
  if (order.status === "submitted") return { text: "We have your order and are checking it.", steps, step: 1, look: "", over: false };
  if (order.choice?.until) return { text: "The store cannot give you everything. Please choose what we do about it.", steps, step: 1, look: "warn", over: false };
  const wordsOf = ({ kind }) => (pickup && kind !== "fulfilment" ? pickupWords : deliveryWords);
  const words = pickup ? pickupWords : deliveryWords;
  const told = parts(order).map((part) => [part.status, wordsOf(part)]).map(([status, words]) => words[status] ?? [1, `Your order is ${status.replaceAll("_", " ")}.`]);
  if (!told.length) return { text: words.none[1], steps, step: 2, look: "", over: false };
  const [done, text] = told.reduce((least, each) => (each[0] < least[0] ? each : least));
  const status = parts(order)[0].status;
  const look = ["no_show", "refused_by_customer", "rejected", "cancelled"].includes(status) ? "warn" : "";
  return { text, steps, step: Math.max(2, done), look, over: parts(order).every((part) => over.includes(part.status)) };
}

/** Whether the customer may still ask to cancel: as long as something has not left. The server has the last word. */
export function mayCancel(order) {
  if (!["submitted", "confirmed", "in_fulfilment"].includes(order.status)) return false;
  const all = parts(order);
  return !all.length || all.some(({ status }) => !gone.includes(status));
}

const refusals = {
  "units-issued": "It is too late to cancel: the goods have left. You may bring or send them back.",
  "order-not-open": "This order can no longer be cancelled.",
  "nothing-to-choose": "There is nothing to choose any more: look how your order goes on.",
  "payment-under-way": "The payment is being taken at this moment. Please try again in a minute.",
  "payment-not-declined": "The payment needs no other card any more.",
  "attempts-exhausted": "No further card can be tried for this order.",
  "too-many-requests": "Please wait a moment and try again.",
};
/** Why the server said no, in a customer's words. */
export const refusal = (problem) => refusals[problem.code] ?? problem.message;

/** What was taken from the customer's card and what is due, in words: one for every status an instalment can have (domain/payment/plan.cpp). */
export const payments = {
  scheduled: "due later",
  capturing: "is being taken",
  unknown: "is being checked with your bank",
  captured: "paid",
  requires_action: "waits for you to confirm it at your bank",
  declined: "declined",
  voiding: "is being taken back",
  voided: "not taken",
  billed: "on the invoice",
  refunding: "is being given back",
  partially_refunded: "paid, a part given back",
  refunded: "given back",
  refund_failed: "could not be given back yet; we are looking into it",
  awaited: "waits for your payment",
  refund_delegated: "is given back where you paid it",
};
