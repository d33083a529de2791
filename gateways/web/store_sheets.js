// The sheets that ask before an act: reject, put aside, pack, ship, arrive, refuse, hand over. Each calls act(name, body) and closes when that went well.
import { h, openDialog, announce, short } from "./dom.js";
import { labelWords, rejectReasons } from "./store_flow.js";

const binKey = "entrepot.store.bins";
const codeLength = 6;

/** A form in a sheet: fields, one large button, the server's "no" above it. `body()` returns what is sent. */
function sheet(title, item, act, name, label, fields, body, { bad = false } = {}) {
  openDialog(`${title} \u00b7 ${short(item.order)}`, (close) => {
    const problem = h("p", { class: "note bad", role: "alert", hidden: true });
    const button = h("button", { class: bad ? "bad" : "main", type: "submit" }, label);
    const submit = async (event) => {
      event.preventDefault();
      button.disabled = true;
      button.setAttribute("aria-busy", "true");
      const refused = await act(name, body());
      if (!refused) return close();
      problem.textContent = refused.message;
      problem.hidden = false;
      button.disabled = false;
      button.removeAttribute("aria-busy");
    };
    return h("form", { class: "stack", onsubmit: submit }, fields, problem, button);
  });
}

function reject(item, act) {
  let reason = "";
  const fields = h(
    "fieldset",
    { class: "choices" },
    h("legend", { class: "soft" }, "Why?"),
    rejectReasons.map(([value, text]) => h("label", { class: "choice" }, h("input", { type: "radio", name: "reason", value, required: true, onchange: () => (reason = value) }), text)),
  );
  sheet(item.status === "offered" ? "Reject" : "Cannot do", item, act, item.kind === "transfer" ? "cancel" : "reject", item.kind === "transfer" ? "Do not send" : "Reject", fields, () => ({ reason }), { bad: true });
}

function stage(item, act) {
  const known = JSON.parse(localStorage.getItem(binKey) || "[]");
  const input = h("input", { required: true, maxlength: 32, autocomplete: "off", autocapitalize: "characters", enterkeyhint: "done", name: "bin", placeholder: "A-3", autofocus: true });
  const chips = known.map((bin) => h("button", { type: "button", onclick: () => (input.value = bin) }, bin));
  sheet("Put aside", item, act, "stage", "Ready for the customer", [h("label", { class: "field" }, "Bin or shelf", input), chips.length ? h("div", { class: "row" }, chips) : null], () => {
    const bin = input.value.trim();
    localStorage.setItem(binKey, JSON.stringify([bin, ...known.filter((other) => other !== bin)].slice(0, 6)));
    return { bin };
  });
}

function pack(item, act) {
  const weights = h("div", { class: "stack" });
  const add = () => weights.append(h("label", { class: "field" }, `Parcel ${weights.childElementCount + 1}: weight in grams`, h("input", { type: "number", inputmode: "numeric", min: 1, max: 1000000, required: true, value: "1000" })));
  add();
  const more = h("button", { type: "button", onclick: add }, "Another parcel");
  sheet("Pack", item, act, "pack", "Packed", [weights, more], () => ({ parcels: [...weights.querySelectorAll("input")].map((input) => ({ weight_grams: Number(input.value) })) }));
}

const shipHint = {
  ready: "Leave the number empty to ship under the label's.",
  awaited: "Leave the number empty, and the label's counts when it comes; or type one of your own.",
  failed: "Type a number of your own, if there is one.",
};

function ship(item, act) {
  const label = labelWords(item);
  const input = h("input", { maxlength: 64, autocomplete: "off", name: "tracking", value: item.tracking || "" });
  sheet("Ship", item, act, "ship", "Shipped", [label ? h("p", {}, `${label.text}. ${shipHint[label.state] ?? ""}`) : null, h("label", { class: "field" }, "Tracking number (may stay empty)", input)], () =>
    input.value.trim() ? { tracking: input.value.trim() } : {},
  );
}

function arrive(item, act) {
  const input = h("input", { maxlength: 32, autocomplete: "off", inputmode: "numeric", name: "bay" });
  const car = h("input", { maxlength: 32, autocomplete: "off", name: "car", pattern: "[^0-9]*", title: "Colour and make, no number plate", placeholder: "red Audi" });
  const said = (name, { value }) => (value.trim() ? { [name]: value.trim() } : {});
  sheet("Customer is here", item, act, "arrive", "Note it", [h("label", { class: "field" }, "Bay or place (may stay empty)", input), h("label", { class: "field" }, "Car (may stay empty)", car)], () => ({ ...said("bay", input), ...said("car", car) }));
}

function refuse(item, act) {
  sheet("Customer refuses", item, act, "refuse", "Customer does not take it", [h("p", {}, "The goods go back to the shelf, and the customer gets the money back.")], () => ({}), { bad: true });
}

// ---------------------------------------------------------------------------------------------------------- hand over

/** How many units of a line lie there for the customer. */
const lying = (line) => (line.found ?? line.quantity) - (line.handed_over ?? 0);

/** What the customer takes, if it is not everything: {element, body()}. `body` is empty for the whole bag, and nothing while it is not said what becomes of the rest. */
function partOf(item) {
  const lines = item.lines.filter((line) => lying(line) > 0);
  const counts = new Map(lines.map((line) => [line.line, lying(line)]));
  const isPart = () => lines.some((line) => counts.get(line.line) < lying(line));
  let rest = "";
  const choices = h(
    "fieldset",
    { class: "choices", hidden: true },
    h("legend", { class: "soft" }, "And the rest?"),
    [
      ["stays", "Stays in its bin"],
      ["refused", "Not wanted: back to the shelf, money back"],
    ].map(([value, text]) => h("label", { class: "choice" }, h("input", { type: "radio", name: "rest", value, onchange: () => (rest = value) }), text)),
  );
  const stepper = (line) => {
    const name = line.name || line.sku;
    const shown = h("output", { class: "numbers", "data-takes": line.line }, String(counts.get(line.line)));
    const step = (by) => {
      counts.set(line.line, Math.min(lying(line), Math.max(0, counts.get(line.line) + by)));
      shown.textContent = counts.get(line.line);
      choices.hidden = !isPart();
    };
    return h(
      "li",
      {},
      h("span", { class: "what" }, h("b", {}, name)),
      h(
        "span",
        { class: "stepper", role: "group", "aria-label": `The customer takes of ${name}` },
        h("button", { type: "button", "aria-label": "One less", onclick: () => step(-1) }, "\u2212"),
        shown,
        h("button", { type: "button", "aria-label": "One more", onclick: () => step(1) }, "+"),
      ),
    );
  };
  const element = h("details", { class: "part" }, h("summary", {}, "The customer takes only a part"), h("ul", { class: "lines" }, lines.map(stepper)), choices);
  const body = () => {
    if (!isPart()) return {};
    if (!rest) return undefined;
    return { lines: lines.filter((line) => counts.get(line.line) > 0).map((line) => ({ line: line.line, quantity: counts.get(line.line) })), rest };
  };
  return { element, body };
}

/** The customer's code on a pad for one thumb. Wrong ones are counted by the server; when it locks, the identity is checked instead. */
function handOver(item, act) {
  openDialog(`Hand over \u00b7 ${short(item.order)}`, (close) => {
    const body = h("div", { class: "stack" });
    const part = partOf(item);
    const finish = async (sent) => {
      const taken = part.body();
      if (!taken) return { message: "Say what becomes of the rest." };
      if (taken.lines && !taken.lines.length) return { message: "Nothing is taken: let the customer refuse it instead." };
      const refused = await act("hand-over", { ...sent, ...taken });
      if (!refused) close();
      return refused;
    };
    let tries = item.tries_left;
    const byIdentity = () => body.replaceChildren(identity(finish, tries > 0 ? byCode : undefined));
    const byCode = () => body.replaceChildren(pad(tries, (left) => (tries = left), finish, byIdentity));
    if (tries > 0) byCode();
    else byIdentity();
    return [item.bin ? h("p", { class: "bin" }, "Bin ", h("b", {}, item.bin)) : null, body, part.element].filter(Boolean);
  });
}

const triesText = (tries) => `${tries} ${tries === 1 ? "try" : "tries"} left`;

/** `onTries(left)` is told how many tries are left; 0: the code is locked. */
function pad(tries, onTries, finish, byIdentity) {
  let code = "";
  const shown = h("output", { class: "code numbers", "aria-label": "Code" });
  const said = h("p", { class: "soft", role: "status" }, triesText(tries));
  const button = h("button", { class: "main", type: "button", "data-act": "check-code", onclick: send }, "Hand over");
  const show = () => {
    shown.textContent = code.padEnd(codeLength, "\u00b7");
    shown.setAttribute("aria-label", `Code: ${code.split("").join(" ") || "empty"}`);
    button.disabled = code.length !== codeLength;
  };
  const press = (digit) => {
    if (code.length < codeLength) code += digit;
    show();
  };
  const back = () => {
    code = code.slice(0, -1);
    show();
  };
  async function send() {
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    const refused = await finish({ code });
    button.removeAttribute("aria-busy");
    if (!refused) return;
    if (refused.code === "code-wrong" || refused.code === "code-locked") {
      tries = refused.code === "code-locked" ? 0 : refused.item?.tries_left ?? tries - 1;
      onTries(tries);
      if (tries <= 0) return byIdentity();
      code = "";
      shown.classList.remove("wrong");
      void shown.offsetWidth; // begins the shaking anew
      shown.classList.add("wrong");
      said.textContent = `Wrong code. ${triesText(tries)}.`;
    } else said.textContent = refused.message;
    said.className = "note bad";
    announce(said.textContent);
    show();
  }
  const keys = ["1", "2", "3", "4", "5", "6", "7", "8", "9"].map((digit) => h("button", { type: "button", onclick: () => press(digit) }, digit));
  const keypad = h(
    "div",
    { class: "pad", role: "group", "aria-label": "Number pad" },
    keys,
    h("button", { type: "button", class: "quiet small", onclick: byIdentity }, "No code"),
    h("button", { type: "button", onclick: () => press("0") }, "0"),
    h("button", { type: "button", class: "quiet", "aria-label": "Delete the last digit", onclick: back }, "\u232b"),
  );
  keypad.tabIndex = -1;
  const typed = (event) => {
    if (/^[0-9]$/.test(event.key)) press(event.key);
    else if (event.key === "Backspace") back();
    else if (event.key === "Enter" && code.length === codeLength && event.target !== button) {
      event.preventDefault();
      send();
    }
  };
  show();
  const group = h("div", { class: "stack", onkeydown: typed }, h("p", {}, "The customer\u2019s six-digit code:"), shown, said, keypad, button);
  setTimeout(() => keypad.focus(), 0);
  return group;
}

/** `byCode`: back to the code; nothing: it is locked. */
function identity(finish, byCode) {
  const checked = h("input", { type: "checkbox", required: true, name: "id_checked" });
  const said = h("p", { class: "note bad", role: "alert", hidden: true });
  const button = h("button", { class: "main", type: "submit" }, "Hand over");
  const submit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    const refused = await finish({ id_checked: true });
    button.disabled = false;
    if (!refused) return;
    said.textContent = refused.message;
    said.hidden = false;
  };
  return h(
    "form",
    { class: "stack", onsubmit: submit },
    byCode ? null : h("p", { class: "note warn", role: "alert" }, "The code is locked: it was wrong too often."),
    h("p", {}, "Ask for a photo ID and compare the name with the order\u2019s."),
    h("label", { class: "choice" }, checked, "I have checked the identity"),
    said,
    button,
    byCode ? h("button", { type: "button", onclick: byCode }, "Use the code") : null,
  );
}

export const sheets = { reject, stage, pack, ship, arrive, refuse, "hand-over": handOver };
