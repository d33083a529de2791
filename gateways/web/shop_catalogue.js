// The list of products, with categories and a search.
import { announce, fill, h, money } from "./dom.js";

let category = "", words = "";

export function stepper(name, quantity, set, most = 99) {
  return h(
    "span",
    { class: "stepper", role: "group", "aria-label": `Quantity of ${name}` },
    h("button", { type: "button", "aria-label": "One less", "data-focus": `less-${name}`, onclick: () => set(quantity - 1) }, "\u2212"),
    h("output", { class: "numbers" }, String(quantity)),
    h("button", { type: "button", "aria-label": "One more", "data-focus": `more-${name}`, disabled: quantity >= most, onclick: () => set(quantity + 1) }, "+"),
  );
}

export function showCatalogue(view, shop) {
  document.title = "Shop";
  const all = [...shop.products.values()];
  const categories = [...new Set(all.map((product) => product.category))];
  const list = h("ul", { class: "products" });
  const chips = h("div", { class: "chips", role: "group", "aria-label": "Category" });
  const search = h("input", { type: "search", "aria-label": "Search", placeholder: "Search", value: words, oninput: () => ((words = search.value), show()) });

  function tile(product) {
    const quantity = shop.basket.quantity(product.sku);
    const set = (number) => {
      shop.basket.set(product.sku, number);
      announce(`${product.name}: ${number} in the basket`);
      show();
    };
    return h(
      "li",
      { class: "card product", "data-sku": product.sku },
      h("span", { class: `swatch ${product.category}`, "aria-hidden": "true" }, product.name[0]),
      h("h2", {}, product.name),
      h("p", { class: "price numbers" }, money(product.price)),
      quantity ? stepper(product.name, quantity, set) : h("button", { type: "button", class: "main", "data-focus": `more-${product.name}`, "aria-label": `Add ${product.name}`, onclick: () => set(1) }, "Add"),
    );
  }

  function show() {
    const wanted = words.trim().toLowerCase();
    const shown = all.filter((product) => (!category || product.category === category) && (!wanted || `${product.name} ${product.sku}`.toLowerCase().includes(wanted)));
    fill(chips, ["", ...categories].map((each) => h("button", { type: "button", "aria-pressed": String(each === category), "data-focus": `chip-${each}`, onclick: () => ((category = each), show()) }, each ? each[0].toUpperCase() + each.slice(1) : "All")));
    fill(list, shown.length ? shown.map(tile) : h("li", { class: "soft" }, "Nothing found."));
  }

  fill(view, search, chips, list);
  show();
}
