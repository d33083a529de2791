// Judges what a receiver wrote down.
//
//   node book.mjs FOLDER taken ORDER        the types that it took of the order, in the order of their coming, each once
//   node book.mjs FOLDER in-order           fails unless every message was good, and each order's events were taken from 1 on without a gap, the next only when the former was taken
//   node book.mjs FOLDER tries TYPE         how many messages of that type came
//   node book.mjs FOLDER ids TYPE           how many different ids they had
//   node book.mjs FOLDER signatures         of the last message
import { existsSync, readFileSync } from "node:fs";

const [folder, what, argument] = process.argv.slice(2);
const file = `${folder}/book.ndjson`;
const book = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean).map((line) => JSON.parse(line)) : [];

function in_order() {
  const bad = book.filter((entry) => entry.bad);
  if (bad.length) return `a message is not as it should be: ${bad[0].bad}`;
  const taken = new Map(); // order -> last sequence
  const known = new Map(); // id -> order and sequence
  for (const { id, order, sequence, answer } of book) {
    const name = `${order} ${sequence}`;
    if ((known.get(id) ?? name) !== name) return `${id} was ${known.get(id)} and is ${name}`;
    known.set(id, name);
    const last = taken.get(order) ?? 0;
    if (sequence > last + 1) return `${order}: ${sequence} came before ${last + 1} was taken`;
    if (answer === 204 && sequence === last + 1) taken.set(order, sequence);
  }
  if (new Set(known.values()).size !== known.size) return "an event came under two ids";
  return "";
}

if (what === "taken") {
  const seen = new Set();
  const types = book.filter((entry) => entry.order === argument && entry.answer === 204 && !seen.has(entry.id) && seen.add(entry.id)).map((entry) => entry.type);
  console.log(types.join(" "));
} else if (what === "in-order") {
  const fault = in_order();
  if (fault) {
    console.error(fault);
    process.exit(1);
  }
} else if (what === "tries") {
  console.log(book.filter((entry) => entry.type === argument).length);
} else if (what === "ids") {
  console.log(new Set(book.filter((entry) => entry.type === argument).map((entry) => entry.id)).size);
} else if (what === "signatures") {
  console.log(book.at(-1)?.signatures ?? 0);
}
