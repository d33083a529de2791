// What the customer wants, kept in this browser, and the order that is on its way: its key and body stay until the server has answered, so that a double click,
// a lost answer or a reload makes one order.
import { freshKey } from "./dom.js";

const basketName = "entrepot.shop.basket", pendingName = "entrepot.shop.pending", detailsName = "entrepot.shop.details";
const read = (name, otherwise) => {
  try {
    return JSON.parse(localStorage.getItem(name)) ?? otherwise;
  } catch {
    return otherwise;
  }
};

export class Basket {
  constructor(changed) {
    this.changed = changed;
    this.lines = new Map(Object.entries(read(basketName, {})));
  }

  quantity(sku) {
    return this.lines.get(sku) ?? 0;
  }

  count() {
    return [...this.lines.values()].reduce((sum, quantity) => sum + quantity, 0);
  }

  set(sku, quantity) {
    if (quantity > 0) this.lines.set(sku, quantity);
    else this.lines.delete(sku);
    localStorage.setItem(basketName, JSON.stringify(Object.fromEntries(this.lines)));
    this.changed();
  }

  empty() {
    this.lines.clear();
    localStorage.removeItem(basketName);
    this.changed();
  }
}

/** The order on its way: {key, body}. */
export const pending = {
  get: () => read(pendingName, undefined),
  begin(body) {
    const order = { key: freshKey(), body };
    localStorage.setItem(pendingName, JSON.stringify(order));
    return order;
  },
  end: () => localStorage.removeItem(pendingName),
};

/** Contact and address, for the next order from this browser. */
export const details = {
  get: () => read(detailsName, {}),
  keep: (fields) => localStorage.setItem(detailsName, JSON.stringify(fields)),
};
