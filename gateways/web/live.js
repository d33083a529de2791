// Reads server-sent events with fetch(), because EventSource cannot send a key. Comes back after every loss, at the last event seen.

const silence = 40000; // ms without a byte: the server's heartbeat comes every 15 s, so the line is dead
const firstPause = 500, longestPause = 15000;

export class Live {
  /**
   * `path` of the stream; `headers()` for each try; `onEvent({id, event, data})`; `onState("live" | "connecting" | "offline" | "refused", problem)`.
   * `after`: the last event known already.
   */
  constructor(path, { headers, onEvent, onState = () => {}, after = "" }) {
    Object.assign(this, { path, headers, onEvent, onState, last: String(after) });
    this.ended = false;
    this.pause = firstPause;
    this.wake = () => {
      this.pause = firstPause;
      this.skip?.();
    };
    addEventListener("online", this.wake);
    addEventListener("pageshow", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.run();
  }

  end() {
    this.ended = true;
    this.abort?.abort();
    this.skip?.();
    removeEventListener("online", this.wake);
    removeEventListener("pageshow", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
  }

  async run() {
    while (!this.ended) {
      this.tell("connecting");
      try {
        await this.connect();
        this.tell("connecting");
      } catch (failure) {
        if (this.ended) return;
        if (failure.refused) return this.tell("refused", failure.refused);
        this.tell("offline");
      }
      await this.sleep();
    }
  }

  tell(state, detail) {
    if (!this.ended) this.onState(state, detail);
  }

  /** Waits longer each time, with a bit of chance, so that a shop full of tablets does not come back in one moment. */
  sleep() {
    const time = this.pause * (0.7 + Math.random() * 0.6);
    this.pause = Math.min(this.pause * 2, longestPause);
    return new Promise((done) => {
      const timer = setTimeout(done, time);
      this.skip = () => {
        clearTimeout(timer);
        done();
      };
    });
  }

  async connect() {
    this.abort = new AbortController();
    const headers = { Accept: "text/event-stream", ...this.headers() };
    if (this.last) headers["Last-Event-ID"] = this.last;
    let timer = setTimeout(() => this.abort.abort(), silence);
    try {
      const answer = await fetch(this.path, { headers, cache: "no-store", signal: this.abort.signal });
      if (answer.status >= 400 && answer.status < 500 && answer.status !== 408 && answer.status !== 429) throw { refused: await answer.json().catch(() => ({ status: answer.status })) };
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      this.tell("live");
      this.pause = firstPause;
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        clearTimeout(timer);
        timer = setTimeout(() => this.abort.abort(), silence);
        text += value;
        for (let end; (end = text.indexOf("\n\n")) >= 0; text = text.slice(end + 2)) this.take(text.slice(0, end));
      }
    } finally {
      clearTimeout(timer);
    }
  }

  take(block) {
    const event = { event: "message", data: "" };
    for (const line of block.split("\n")) {
      const [, name, value] = /^([a-z]+): ?(.*)$/.exec(line) || [];
      if (name === "data") event.data += value;
      else if (name === "id" || name === "event") event[name] = value;
    }
    if (!event.data || this.ended) return;
    if (event.id) this.last = event.id;
    this.onEvent({ ...event, data: JSON.parse(event.data) });
  }
}
