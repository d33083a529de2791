// Small things every page needs: making elements, saying things aloud, ids, times and money in words.

/** Makes an element: h("button", {class: "main", onclick: act, disabled: false}, "Text", child). */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") element[name] = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const find = (selector, within = document) => within.querySelector(selector);

/** Puts `children` in place of what `element` holds; what had the focus has it again if it is still there (by data-focus). */
export function fill(element, ...children) {
  const focused = element.contains(document.activeElement) ? document.activeElement.closest("[data-focus]")?.dataset.focus : undefined;
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  if (focused) element.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus({ preventScroll: true });
}

let pressed = false;
const lifted = [];
addEventListener("pointerdown", () => (pressed = true), true);
// The click comes after the finger is lifted, so what waits for that is let go one task later.
const lift = () => setTimeout(() => ((pressed = false), lifted.splice(0).forEach((go) => go())));
for (const name of ["pointerup", "pointercancel"]) addEventListener(name, lift, true);
addEventListener("blur", (event) => event.target === window && lift()); // lifted where no event of it comes to us

/** Calls `show` now, or, while a finger or button is down, when it is lifted: what is put in place of a button under a finger swallows the click. */
export function whenLifted(show) {
  if (!pressed) show();
  else if (!lifted.includes(show)) lifted.push(show);
}

/** Tells screen readers, without moving anything. */
export function announce(text) {
  const region = find("#announcer");
  if (region) region.textContent = region.textContent === text ? `${text}\u00a0` : text;
}

/** A fresh Idempotency-Key. Pages may be served without TLS in a shop's own network, where crypto.randomUUID is not there. */
export function freshKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Opens a dialog with a heading and returns it; it goes when closed. `make(close)` returns what is in it. */
export function openDialog(title, make) {
  const heading = h("h2", { id: "dialog-title" }, title);
  const dialog = h("dialog", { "aria-labelledby": "dialog-title" });
  const close = () => dialog.close();
  dialog.append(h("header", {}, heading, h("button", { type: "button", class: "quiet icon", "aria-label": "Close", onclick: close }, "\u2715")), ...[make(close)].flat());
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export function money({ amount, currency }) {
  return new Intl.NumberFormat("en-GB", { style: "currency", currency }).format(amount / 100);
}

/** "today 14:05", "tomorrow 09:00", "Thu 12 Mar 09:00" */
export function moment(text, now = Date.now()) {
  const at = new Date(text);
  const clock = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const day = (date) => new Date(date).setHours(0, 0, 0, 0);
  const days = Math.round((day(at) - day(now)) / 86400000);
  if (days === 0) return `today ${clock}`;
  if (days === 1) return `tomorrow ${clock}`;
  if (days === -1) return `yesterday ${clock}`;
  return `${at.toLocaleDateString("en-GB", { weekday: "short", day: "numeric", month: "short" })} ${clock}`;
}

/** "4 min", "2 h 5 min", "3 days": always positive. */
export function span(milliseconds) {
  const minutes = Math.max(1, Math.round(Math.abs(milliseconds) / 60000));
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return minutes % 60 && hours < 10 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return `${Math.round(hours / 24)} days`;
}

/**
 * An order's name as people say it to each other: the part of its number that tells where it was made and when, so that no two of a store's day have the same. The end of a number counts
 * within one second, and is nearly always zeros (domain/ids.hpp).
 */
export const short = (id) => {
  const digits = id.slice(id.indexOf("_") + 1);
  return (digits.slice(1, 3) + digits.slice(6, 9)).toUpperCase();
};
