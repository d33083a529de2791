// A driver for Debian's Chromium: the DevTools protocol over two pipes, so that nothing has to be installed but chromium and nodejs.
// What a test does goes through real mouse and key events; what it sees is what a person would see.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const patience = 15000; // ms for anything to appear
const poll = 25; // ms between two looks
const program = process.env.CHROMIUM ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(existsSync);

export class Browser {
  /** Starts Chromium without a window. It can reach this machine and nothing else. */
  static async start() {
    if (!program) throw new Error("there is no Chromium; install Debian's package chromium");
    const folder = mkdtempSync(join(tmpdir(), "entrepot-browser."));
    const flags = ["--headless=new", "--remote-debugging-pipe", `--user-data-dir=${folder}`, "--no-first-run", "--no-default-browser-check", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", "--lang=en-GB"];
    flags.push("--no-sandbox"); // root cannot have it, nor can anybody where user namespaces are forbidden, as in many containers; all that is opened are our own pages
    const child = spawn(program, [...flags, "about:blank"], { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] });
    return new Browser(child, folder);
  }

  constructor(child, folder) {
    Object.assign(this, { child, folder, next: 1, waiting: new Map(), pages: new Map() });
    let text = "";
    child.stdio[4].setEncoding("utf8").on("data", (more) => {
      text += more;
      for (let end; (end = text.indexOf("\0")) >= 0; text = text.slice(end + 1)) this.take(JSON.parse(text.slice(0, end)));
    });
    child.stdio[3].on("error", () => {});
    this.ended = new Promise((done) => child.on("exit", done));
    this.ended.then(() => this.waiting.forEach(({ fail }) => fail(new Error("the browser has gone"))));
  }

  take(message) {
    if (message.id) {
      const { done, fail } = this.waiting.get(message.id) ?? {};
      this.waiting.delete(message.id);
      if (message.error) fail?.(new Error(message.error.message));
      else done?.(message.result);
    } else this.pages.get(message.sessionId)?.heard(message.method, message.params);
  }

  send(method, params = {}, sessionId = undefined) {
    const id = this.next++;
    return new Promise((done, fail) => {
      this.waiting.set(id, { done, fail });
      this.child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  /** Opens a page of its own person: nothing stored is shared with the others. */
  async page({ width = 360, height = 740, dark = false } = {}) {
    const { browserContextId } = await this.send("Target.createBrowserContext");
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank", browserContextId, width, height });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, sessionId);
    this.pages.set(sessionId, page);
    for (const domain of ["Page", "Runtime", "Log", "Network"]) await page.send(`${domain}.enable`);
    await page.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: width < 700 });
    await page.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: dark ? "dark" : "light" }, { name: "prefers-reduced-motion", value: "reduce" }] });
    await page.send("Emulation.setFocusEmulationEnabled", { enabled: true });
    return page;
  }

  async end() {
    const timer = setTimeout(() => this.child.kill("SIGKILL"), 5000);
    this.send("Browser.close").catch(() => {});
    await this.ended;
    clearTimeout(timer);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }
}

/** Finds elements in the page: CSS, and optionally a text that the element's own text has to hold. Only what is shown counts. */
const finder = `(selector, text) => [...document.querySelectorAll(selector)].filter((element) =>
  (text === undefined || element.textContent.includes(text)) && element.checkVisibility() && element.getClientRects().length)[0]`;

class Page {
  constructor(browser, session) {
    Object.assign(this, { browser, session, faults: [], offline: false });
  }

  send(method, params) {
    return this.browser.send(method, params, this.session);
  }

  /** What went wrong in the page itself: exceptions, broken policies. Lost connections and refusals are the business of tests. */
  heard(method, params) {
    if (method === "Runtime.exceptionThrown") this.faults.push(params.exceptionDetails.exception?.description ?? params.exceptionDetails.text);
    if (method === "Log.entryAdded" && params.entry.level === "error" && params.entry.source !== "network") this.faults.push(params.entry.text);
  }

  async open(url) {
    await this.send("Page.navigate", { url });
    await this.until(`document.readyState === "complete"`, `${url} is loaded`);
  }

  async reload() {
    await this.evaluate("window.beforeReload = true");
    await this.send("Page.reload");
    await this.until(`!window.beforeReload && document.readyState === "complete"`, "the page is loaded again");
  }

  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Waits until the expression is true and returns its value. */
  async until(expression, what = expression, time = patience) {
    for (const end = Date.now() + time; ; ) {
      const value = await this.evaluate(expression).catch(() => undefined); // a page on its way to another one answers nothing
      if (value) return value;
      if (Date.now() > end) throw new Error(`waited in vain for: ${what}\nThe page says:\n${await this.evaluate("document.body.innerText")}`);
      await new Promise((done) => setTimeout(done, poll));
    }
  }

  /** Waits until it is shown; returns its text. */
  async see(selector, text, time) {
    const seen = await this.until(`(() => { const element = (${finder})(${JSON.stringify(selector)}, ${JSON.stringify(text)}); return element && { text: element.textContent }; })()`, `${selector}${text ? ` with "${text}"` : ""}`, time);
    return seen.text;
  }

  async unsee(selector, text) {
    await this.until(`!(${finder})(${JSON.stringify(selector)}, ${JSON.stringify(text)})`, `no ${selector}${text ? ` with "${text}"` : ""}`);
  }

  shows(selector, text) {
    return this.evaluate(`!!(${finder})(${JSON.stringify(selector)}, ${JSON.stringify(text)})`);
  }

  /** Taps the middle of what is shown, once it can be tapped and nothing lies over it. */
  async tap(selector, text, tries = 5) {
    const place = await this.until(
      `(() => {
        const element = (${finder})(${JSON.stringify(selector)}, ${JSON.stringify(text)});
        if (!element || element.disabled) return null;
        element.scrollIntoView({ block: "center", behavior: "instant" });
        const { x, y, width, height } = element.getBoundingClientRect();
        const top = document.elementFromPoint(x + width / 2, y + height / 2);
        return top && (element.contains(top) || top.contains(element)) ? { x: x + width / 2, y: y + height / 2 } : null;
      })()`,
      `something to tap: ${selector}${text ? ` with "${text}"` : ""}`,
    );
    const mouse = (type, at) => this.send("Input.dispatchMouseEvent", { type, ...at, button: "left", clickCount: 1 });
    await this.evaluate(`addEventListener("pointerdown", (event) => (window.tapped = event.target), { capture: true, once: true })`);
    await mouse("mousePressed", place);
    // What is wanted may have moved away since it was looked for; then nothing must be tapped in its place.
    const hit = await this.evaluate(`(() => {
      const element = (${finder})(${JSON.stringify(selector)}, ${JSON.stringify(text)});
      return !!element && !!window.tapped && (element.contains(window.tapped) || window.tapped.contains(element));
    })()`);
    if (hit) return mouse("mouseReleased", place);
    if (tries === 0) throw new Error(`it moves away from every tap: ${selector}`);
    await mouse("mouseReleased", { x: 0, y: 0 });
    await this.tap(selector, text, tries - 1);
  }

  /** Puts `text` in place of what stands in a field. */
  async fill(selector, text) {
    await this.see(selector);
    await this.evaluate(`(() => { const field = document.querySelector(${JSON.stringify(selector)}); field.focus(); field.select?.(); })()`);
    await this.send("Input.insertText", { text });
  }

  async choose(selector, value) {
    await this.see(selector);
    await this.evaluate(`(() => { const field = document.querySelector(${JSON.stringify(selector)}); field.value = ${JSON.stringify(value)}; field.dispatchEvent(new Event("change", { bubbles: true })); })()`);
  }

  async goOffline(offline) {
    await this.send("Network.emulateNetworkConditions", { offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  }

  async picture(path) {
    const { data } = await this.send("Page.captureScreenshot", { format: "png" });
    writeFileSync(path, Buffer.from(data, "base64"));
  }
}
