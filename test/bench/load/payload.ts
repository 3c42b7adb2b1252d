// What the generator posts: one buffer per request, head and body, with a sequence number at a fixed place in the body.
import { createHmac } from "node:crypto";
import { BODY_BYTES, SEQUENCE_DIGITS } from "./wire.ts";

export interface Target {
  host: string;
  port: number;
  path: string;
}

/**
 * `stripe` carries a provider event id that is never repeated, and a signature over it with `secret`. `keyed` carries one of
 * so many keys in its field `key`.
 */
export type Payload = { kind: "plain" } | { kind: "stripe"; secret: string } | { kind: "keyed"; keys: number };

export interface Message {
  bytes: Buffer;
  /** Where the body begins. */
  bodyAt: number;
}

function makeBody(payload: Payload, sequence: number, bytes: number): string {
  const digits = String(sequence).padStart(SEQUENCE_DIGITS, "0");
  const key = payload.kind === "keyed" ? `"key":"k${sequence % payload.keys}",` : "";
  const start = `{"seq":"${digits}","id":"evt_${process.pid}x${digits}","object":"event","type":"payment_intent.succeeded",${key}"filler":"`;
  return `${start}${"x".repeat(bytes - start.length - 2)}"}`;
}

/** A request with body number `sequence`. */
export function makeMessage(
  target: Target,
  payload: Payload,
  sequence: number,
  bodyBytes: number = BODY_BYTES,
): Message {
  const body = makeBody(payload, sequence, bodyBytes);
  const lines = [
    `POST ${target.path} HTTP/1.1`,
    `host: ${target.host}:${target.port}`,
    "user-agent: switchyard-bench/1",
    "accept: */*",
    "content-type: application/json",
    `content-length: ${body.length}`,
  ];
  if (payload.kind === "stripe") {
    const seconds = Math.floor(Date.now() / 1000);
    const signature = createHmac("sha256", payload.secret).update(`${seconds}.${body}`).digest("hex");
    lines.push(`stripe-signature: t=${seconds},v1=${signature}`);
  }
  const head = `${lines.join("\r\n")}\r\n\r\n`;
  return { bytes: Buffer.from(head + body, "latin1"), bodyAt: head.length };
}
