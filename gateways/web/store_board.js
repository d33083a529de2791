// The work of one location: read once, then kept up to date by the stream. Knows nothing of the page.
import { Problem } from "./api.js";
import { Live } from "./live.js";
import { column, path, transferItem } from "./store_flow.js";

const transfersEvery = 20000; // ms: no stream tells of them

export class Board {
  /** `on`: {changed(item, before), replaced(), state(name, problem)} */
  constructor(api, location, on) {
    Object.assign(this, { api, location, on });
    this.items = new Map();
    this.ended = false;
    this.load();
    this.timer = setInterval(() => this.lookForTransfers(), transfersEvery);
  }

  end() {
    this.ended = true;
    clearInterval(this.timer);
    this.live?.end();
  }

  /** The first picture; the stream goes on behind the older of the two answers, so nothing is missed in between. */
  async load() {
    this.live?.end();
    for (let pause = 500; !this.ended; pause = Math.min(pause * 2, 15000)) {
      try {
        const base = `/v1/locations/${encodeURIComponent(this.location)}`;
        const [pickups, fulfilments] = await Promise.all([this.api.get(`${base}/pickups`), this.api.get(`${base}/fulfilments`)]);
        if (this.ended) return;
        this.items = new Map([...pickups.items, ...fulfilments.items].map((item) => [item.id, item]));
        for (const item of await this.transfers()) if (column(item)) this.items.set(item.id, item);
        this.on.replaced();
        return this.follow(Math.min(pickups.as_of, fulfilments.as_of));
      } catch (problem) {
        const temporary = problem instanceof Problem && (problem.status === 0 || problem.status === 429 || problem.status >= 500);
        this.on.state(temporary ? "offline" : "refused", problem.body || { detail: problem.message });
        if (!temporary) return;
        await new Promise((done) => setTimeout(done, pause));
      }
    }
  }

  /** What leaves for other places and what comes from them; none, if that is not to be had now. */
  async transfers() {
    const found = await this.api.get(`/v1/locations/${encodeURIComponent(this.location)}/transfers`).catch(() => undefined);
    return [...(found?.to_send ?? []), ...(found?.to_receive ?? [])].map((transfer) => transferItem(transfer, this.location));
  }
  async lookForTransfers() {
    for (const item of await this.transfers()) if (!this.ended && this.items.get(item.id)?.status !== item.status) this.take(item);
  }

  follow(after) {
    this.live = new Live(`/v1/streams?location=${encodeURIComponent(this.location)}`, {
      after,
      headers: () => this.api.headers(),
      onEvent: ({ event, data }) => (event === "reset" ? this.load() : event === "work" && this.take(data)),
      onState: (state, problem) => this.on.state(state, problem),
    });
  }

  /** An item as it is now. One without `change` is an answer to an act: newer than what we have, until the stream says more. */
  take(item) {
    const before = this.items.get(item.id);
    if (before && item.change !== undefined && before.change !== undefined && item.change < before.change) return;
    const now = { ...item, change: item.change ?? before?.change };
    if (column(now)) this.items.set(now.id, now);
    else this.items.delete(now.id);
    this.on.changed(now, before);
  }

  /** Sends an act. Returns nothing, or the refusal, with the item as it really is in `item`. */
  async act(item, name, body) {
    try {
      const answer = await this.api.post(`${path(item)}/${name}`, body);
      this.take(item.kind === "transfer" ? transferItem(answer.body, this.location) : answer.body);
      return undefined;
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (problem.status === 0) problem.message = "Not sent: the server cannot be reached. Try again when the line is back.";
      else {
        problem.item = await this.api.get(path(item)).catch(() => undefined);
        if (problem.item && item.kind === "transfer") problem.item = transferItem(problem.item, this.location);
        if (problem.item) this.take(problem.item);
      }
      return problem;
    }
  }
}
