// Talks to the server: one key, JSON, problem documents as errors, and a POST that is sent until it is answered, always with the same Idempotency-Key.
import { freshKey } from "./dom.js";

/** A refusal of the server. `status` 0: nobody answered. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || "The server did not say why.");
    this.status = status;
    this.code = body.code || "unknown";
    this.body = body;
  }
}

const again = [300, 1000, 2500]; // ms before another try
const answerTime = 15000; // ms until a try counts as lost
const pause = (time) => new Promise((done) => setTimeout(done, time));
const mayPass = (problem) => problem.status === 0 || problem.status === 429 || problem.status === 503;

export class Api {
  /** `key()` returns the key to use now. */
  constructor(key) {
    this.key = key;
    this.skew = 0; // how far the server's clock is ahead of ours, ms
  }

  now() {
    return Date.now() + this.skew;
  }

  headers(more = {}) {
    return { Authorization: `Bearer ${this.key()}`, ...more };
  }

  async once(method, path, body, headers) {
    let answer;
    try {
      answer = await fetch(path, { method, headers: this.headers(headers), body, cache: "no-store", signal: AbortSignal.timeout(answerTime + preferred(headers)) });
      const date = Date.parse(answer.headers.get("Date"));
      if (Math.abs(date - Date.now()) > 2000) this.skew = date - Date.now();
      const text = await answer.text();
      const json = text ? JSON.parse(text) : {};
      if (!answer.ok) throw new Problem(answer.status, json);
      return { status: answer.status, body: json };
    } catch (failure) {
      if (failure instanceof Problem) throw failure;
      if (answer && !answer.ok) throw new Problem(answer.status, { detail: `The server answered ${answer.status}.` });
      throw new Problem(0, { code: "no-answer", detail: "The server cannot be reached." });
    }
  }

  async get(path) {
    return (await this.once("GET", path)).body;
  }

  /** Sends until it is answered, a few times at most: the key makes it one act. `key` is given by who must be able to go on after a reload. */
  async post(path, body, { key = freshKey(), wait = 0 } = {}) {
    const headers = { "Content-Type": "application/json", "Idempotency-Key": key };
    if (wait) headers.Prefer = `wait=${wait}`;
    for (let tries = 0; ; tries++) {
      try {
        return await this.once("POST", path, JSON.stringify(body), headers);
      } catch (problem) {
        if (!mayPass(problem) || tries === again.length) throw problem;
        await pause(again[tries]);
      }
    }
  }
}

function preferred(headers = {}) {
  return Number((headers.Prefer || "").replace("wait=", "")) * 1000 || 0;
}
