// Checks a message as Standard Webhooks 1.0.0 says it is checked: for machines that cannot reach the npm registry, where the published verifier is.
// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md, "Verifying signatures"
import { createHmac, timingSafeEqual } from "node:crypto";

const tolerance_seconds = 5 * 60;

export class Webhook {
  constructor(secret) {
    this.key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  }

  /** Returns the message. Throws if no signature of version 1 is good, or it was signed too long ago or in the future. */
  verify(body, headers) {
    const [id, timestamp, signatures] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map((name) => {
      if (!headers[name]) throw new Error(`${name} is missing`);
      return headers[name];
    });
    if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= tolerance_seconds)) throw new Error("signed too long ago, or in the future");
    const right = createHmac("sha256", this.key).update(`${id}.${timestamp}.${body}`).digest();
    const is_right = (signature) => {
      const given = Buffer.from(signature.slice(3), "base64");
      return signature.startsWith("v1,") && given.length === right.length && timingSafeEqual(given, right);
    };
    if (!signatures.split(" ").some(is_right)) throw new Error("no signature is right");
    return JSON.parse(body);
  }
}
