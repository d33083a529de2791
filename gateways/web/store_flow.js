// What a store does with its work: which column an item stands in, what comes next, what can be taken back, and until when. No page in here.

export const columns = [
  { id: "new", title: "New", empty: "No new orders." },
  { id: "pick", title: "To pick", empty: "Nothing to pick." },
  { id: "ready", title: "To pack / ready", short: "Pack / ready", empty: "Nothing to pack or to put aside." },
  { id: "waiting", title: "Waiting for customer", short: "Waiting", empty: "Nobody is expected." },
];

const columnOf = {
  offered: "new",
  accepted: "pick",
  picking: "pick",
  picked: "ready",
  packed: "ready",
  staged: "waiting",
  arrived: "waiting",
  paying: "waiting",
  shipped: "waiting",
};

/** The column of an item; nothing: it is no open work. Goods that have to go back to the shelf are found where picking is done. */
export function column(item) {
  if (item.kind === "transfer") return transferColumn(item);
  if (item.put_back) return "pick";
  if (item.kind === "pickup" && item.status === "shipped") return undefined;
  return columnOf[item.status];
}

/** Goods for another place stand where parcels are packed until they leave; goods from one are new until they have come. A pickup that waits for them shows only when they are there. */
const transferColumn = ({ status, leaves }) => (leaves ? (status === "ready_to_ship" ? "ready" : undefined) : ["in_transit", "partially_received"].includes(status) ? "new" : undefined);

const words = {
  awaiting_transfer: "Goods are coming",
  ready_to_ship: "To be sent to another place",
  in_transit: "On its way to us",
  partially_received: "Partly here",
  received: "Received",
  lost: "Lost",
  offered: "New",
  accepted: "Accepted",
  picking: "Picking",
  picked: "Picked",
  packed: "Packed",
  staged: "Ready for the customer",
  arrived: "Customer is here",
  paying: "Taking the payment",
  shipped: "On its way",
  delivered: "Delivered",
  failed: "Lost",
  returned_to_origin: "Came back",
  handed_over: "Handed over",
  rejected: "Rejected",
  cancelled: "Cancelled",
  no_show: "Not collected",
  refused_by_customer: "Refused by the customer",
};
export const statusWord = (item) => words[item.status] || item.status;

/** The act that comes next, for the one large button: {act, label}; `ask` names the sheet that is opened first. */
export function nextAct(item) {
  if (item.put_back) return { act: "put-back", label: "Put back on the shelf" };
  if (item.kind === "transfer") return item.leaves ? { act: "ship", label: `Sent to ${item.to}` } : { act: "receive", label: "All received" };
  const pickup = item.kind === "pickup";
  switch (item.status) {
    case "offered":
      return { act: "accept", label: "Accept" };
    case "accepted":
      return { act: "start-pick", label: "Start picking" };
    case "picking":
      return { act: "pick", label: "Picked" };
    case "picked":
      return pickup ? { act: "stage", label: "Put aside\u2026", ask: "stage" } : { act: "pack", label: "Pack\u2026", ask: "pack" };
    case "packed":
      return { act: "ship", label: "Ship\u2026", ask: "ship" };
    case "staged":
    case "arrived":
      return { act: "hand-over", label: "Hand over\u2026", ask: "hand-over" };
    case "shipped":
      return item.carrier_says === "return_to_sender" ? { act: "return-to-origin", label: "It is back, all whole" } : { act: "deliver", label: "Delivered" };
    default:
      return undefined;
  }
}

/** What else may be done, smaller. */
export function otherActs(item) {
  if (item.put_back) return [];
  if (item.kind === "transfer") return item.leaves ? [{ act: "cancel", label: "Cannot send\u2026", ask: "reject", bad: true }] : [{ act: "lost", label: "Never came", bad: true }];
  switch (item.status) {
    case "offered":
      return [{ act: "reject", label: "Reject\u2026", ask: "reject", bad: true }];
    case "accepted":
    case "picking":
      return [{ act: "reject", label: "Cannot do\u2026", ask: "reject", bad: true }];
    case "staged":
      return [
        { act: "arrive", label: "Customer is here\u2026", ask: "arrive" },
        ...(item.extended ? [] : [{ act: "extend", label: "Keep longer" }]),
        { act: "resend-code", label: "Send code again" },
        { act: "refuse", label: "Customer refuses\u2026", ask: "refuse", bad: true },
      ];
    case "arrived":
      return [
        { act: "resend-code", label: "Send code again" },
        { act: "refuse", label: "Customer refuses\u2026", ask: "refuse", bad: true },
      ];
    default:
      return [];
  }
}

/** The large button when no unit was found: nothing is picked then, the place says why it cannot do it. */
export const nothingFound = { act: "nothing-found", label: "Nothing found\u2026", ask: "reject" };

const undoOf = { accepted: "unaccept", picking: "unpick", picked: "unpick", packed: "unpack", staged: "unstage" };
const undoWord = { unaccept: "accept", unpick: "picking", unpack: "packing", unstage: "put aside" };
/** Whether the server would take the act back: work that a warehouse was told to do was never accepted, and what was missing has been settled with the customer. */
const mayUndo = {
  unaccept: (item) => item.kind === "pickup" || Boolean(item.offer_until),
  unpick: (item) => !item.transfer && (item.status !== "picked" || item.lines.every(({ found, quantity, handed_over }) => (found ?? quantity) === quantity && !handed_over)),
};
/** The act that takes the last tap back: {act, label}. */
export function undoAct(item) {
  const act = !item.put_back && !item.stop_asked && undoOf[item.status];
  return act && (mayUndo[act]?.(item) ?? true) ? { act, label: `Undo ${undoWord[act]}` } : undefined;
}

/**
 * What is known of a parcel's number: {state, text, print}; nothing: there is none to tell of. A number that staff typed counts, else the label's; `print` is where the label to be printed is.
 */
export function labelWords(item) {
  if (!["packed", "shipped"].includes(item.status)) return undefined;
  const label = item.label;
  const own = item.tracking && item.tracking !== label?.tracking;
  if (own) return { state: "own", text: `Tracking ${item.tracking}` };
  if (!label) return undefined;
  const carrier = label.carrier || "Carrier";
  if (label.status === "ready") return { state: "ready", text: `${carrier} ${label.tracking}`, print: item.status === "packed" && /^https?:/.test(label.document ?? "") ? label.document : undefined };
  if (label.status === "failed") return { state: "failed", text: `No label from ${label.carrier || "the carrier"}` };
  return { state: "awaited", text: `${carrier}: label awaited` };
}

const kerbside = 5 * 60000; // ms: then somebody is alarmed that a customer waits

/** What is being waited for, and until when: {word, until}. */
export function deadline(item) {
  if (item.put_back) return undefined;
  if (item.kind === "transfer") return item.leaves ? { word: "Send", until: item.due } : { word: "Arrives", until: item.expected };
  if (item.status === "offered" && item.offer_until) return { word: "Answer", until: item.offer_until };
  if (item.status === "arrived" && item.arrived_at) return { word: "Go out", until: new Date(Date.parse(item.arrived_at) + kerbside).toISOString() };
  if (column(item) === "waiting" && item.kind === "pickup") return item.collect_until ? { word: "Collect", until: item.collect_until } : undefined;
  if (item.status === "shipped") return item.carrier_says === "return_to_sender" ? undefined : { word: "Deliver", until: item.due };
  return { word: item.kind === "pickup" ? "Ready" : "Ship", until: item.due };
}

/** Sorts what is due first to the front; goods to put back last. */
export function byUrgency(a, b) {
  const time = (item) => Date.parse(deadline(item)?.until || "9999-01-01T00:00:00Z");
  return time(a) - time(b) || a.id.localeCompare(b.id);
}

export const rejectReasons = [
  ["not_in_stock", "Not in stock"],
  ["mismatch", "Not what the order says"],
  ["damaged", "Damaged"],
  ["too_busy", "Too busy"],
  ["no_capacity", "No room"],
  ["closed", "Store is closed"],
  ["customer_choice", "Customer's wish"],
  ["other", "Something else"],
];

const roots = { pickup: "pickups", fulfilment: "fulfilments", transfer: "transfers" };
export const path = (item) => `/v1/${roots[item.kind]}/${item.id}`;

/** A transfer as an item of the board of one of its places. */
export const transferItem = (transfer, location) => ({ ...transfer, kind: "transfer", leaves: transfer.from === location, placed_at: transfer.shipped_at ?? transfer.due });

/** The words of a done act, for the message at the bottom and for screen readers. */
export const done = {
  receive: "received",
  lost: "given up as lost",
  "return-to-origin": "back in stock",
  cancel: "not sent",
  accept: "accepted",
  reject: "rejected",
  "start-pick": "picking started",
  pick: "picked",
  stage: "put aside",
  arrive: "customer is here",
  "hand-over": "handed over",
  refuse: "refused by the customer",
  pack: "packed",
  ship: "shipped",
  deliver: "delivered",
  unaccept: "not accepted any more",
  unpick: "to be picked again",
  unpack: "to be packed again",
  unstage: "to be put aside again",
  "put-back": "back on the shelf",
  extend: "kept longer",
  "resend-code": "code sent again",
  "confirm-stop": "stopped",
  "refuse-stop": "goes on",
};
