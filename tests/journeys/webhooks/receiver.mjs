// Another system that is told what happens to orders. It checks every message with the published verifier of Standard Webhooks, and writes down what it got.
//
//   node receiver.mjs PORT FOLDER      (the verifier is found in FOLDER/../node_modules; where it is not, messages are checked by the words of the specification)
//
// FOLDER/secret holds its secret. FOLDER/mode says what it answers: "ok", "down" (500), "hang", or "refuse TYPE" (500 to that type). FOLDER/book.ndjson gets a line for each message:
// {"id", "type", "order", "sequence", "signatures", "answer"}, or {"bad"} for one that is not as it should be.
import { createServer } from "node:http";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import * as by_the_specification from "./by_the_specification.mjs";

const [port, folder] = process.argv.slice(2);
const is_published = existsSync(resolve(folder, "..", "node_modules", "standardwebhooks"));
const { Webhook } = is_published ? createRequire(resolve(folder, "..", "package.json"))("standardwebhooks") : by_the_specification;
const line = (file) => readFileSync(`${folder}/${file}`, "utf8").trim();
const verifier = new Webhook(line("secret"));
const write = (entry) => appendFileSync(`${folder}/book.ndjson`, JSON.stringify(entry) + "\n");

/** What CloudEvents 1.0 wants of an event in structured JSON, and its extensions sequence and correlation. */
function faults(event, headers) {
  const text = (name) => typeof event[name] === "string" && event[name].length > 0;
  const wrong = [];
  const want = (holds, what) => holds || wrong.push(what);
  want(headers["content-type"] === "application/cloudevents+json", "content-type");
  want(event.specversion === "1.0", "specversion");
  for (const name of ["id", "source", "type", "subject", "time", "datacontenttype", "sequence", "correlationid", "causationid"]) want(text(name), name);
  want(event.id === headers["webhook-id"], "id is not the webhook-id");
  want(URL.canParse(event.source), "source is no URI");
  want(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(event.time), "time is not RFC 3339");
  want(/^\d{10}$/.test(event.sequence), "sequence is not in the order of text");
  want(event.data.order === event.subject, "data.order");
  want(Object.keys(event).every((name) => /^[a-z0-9]+$/.test(name)), "a name of an attribute");
  return wrong;
}

function answer_to(event) {
  const mode = line("mode");
  if (mode === "hang") return 0;
  return mode === "down" || mode === `refuse ${event.type}` ? 500 : 204;
}

createServer((request, response) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    try {
      const event = verifier.verify(Buffer.concat(parts).toString("utf8"), request.headers);
      const wrong = faults(event, request.headers);
      if (wrong.length) throw new Error(wrong.join(", "));
      const answer = answer_to(event);
      const signatures = request.headers["webhook-signature"].split(" ").length;
      write({ id: event.id, type: event.type, order: event.subject, sequence: Number(event.sequence), signatures, answer });
      if (answer) response.writeHead(answer).end();
    } catch (why) {
      write({ bad: String(why.message) });
      response.writeHead(400).end();
    }
  });
}).listen(Number(port), "127.0.0.1");
