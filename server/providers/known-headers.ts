// Providers without an auth type of their own: plain HMAC on their signature header verifies their real construction.
import { field } from "./body-fields.ts";
import { identifyByHeaders, identifyGenerically } from "./generic.ts";
import { overBody, overTimestampHeader, overTimestampInSignature } from "./hmac-shapes.ts";
import { firstHeader } from "./inbound.ts";
import { outlineJson } from "./json-outline.ts";
import type { Provider } from "./provider.ts";
import { isoTime, unixMilliseconds, unixSeconds } from "./timestamps.ts";

/** `webhookTimestamp` (Unix ms) of a Linear body. Null when absent: the signature covers the body, so no sender took it out. */
function linearTimestampMs(body: Buffer): number | null {
  const stamp = outlineJson(body, ["webhookTimestamp"])?.webhookTimestamp;
  return typeof stamp === "number" && Number.isSafeInteger(stamp) ? stamp : null;
}

export const knownHeaders: readonly Provider[] = [
  {
    name: "calendly",
    headers: ["calendly-webhook-signature"],
    hmac: overTimestampInSignature({
      separator: ",",
      timestampKey: "t",
      signatureKey: "v1",
      joint: ".",
      toleranceSeconds: 180,
    }),
    identify: identifyGenerically,
  },
  {
    name: "linear",
    headers: ["linear-signature"],
    hmac: {
      ...overBody({ algorithm: "sha256", encoding: "hex" }),
      toleranceSeconds: 60,
      bodyTimestampMs: linearTimestampMs,
    },
    identify: identifyByHeaders("linear-event", "linear-delivery"),
  },
  {
    name: "paddle",
    headers: ["paddle-signature"],
    hmac: overTimestampInSignature({
      separator: ";",
      timestampKey: "ts",
      signatureKey: "h1",
      joint: ":",
      toleranceSeconds: 5,
    }),
    identify: identifyGenerically,
  },
  {
    name: "twitch",
    headers: ["twitch-eventsub-message-signature"],
    hmac: overTimestampHeader({
      encoding: "hex",
      timestampHeader: "twitch-eventsub-message-timestamp",
      parseTimestamp: isoTime,
      toleranceSeconds: 600,
      sign: (timestamp, inbound) => [inbound.header("twitch-eventsub-message-id") ?? "", timestamp, inbound.body],
    }),
    // The message's id is part of what is signed.
    identify: (inbound) => ({
      eventType: firstHeader(inbound, "twitch-eventsub-subscription-type"),
      providerEventId: firstHeader(inbound, "twitch-eventsub-message-id"),
    }),
  },
  {
    name: "typeform",
    headers: ["typeform-signature"],
    hmac: overBody({ algorithm: "sha256", encoding: "base64" }),
    identify: identifyGenerically,
  },
  {
    name: "vercel",
    headers: ["x-vercel-signature"],
    hmac: overBody({ algorithm: "sha1", encoding: "hex" }),
    identify: identifyGenerically,
  },
  {
    name: "webflow",
    headers: ["x-webflow-signature"],
    hmac: overTimestampHeader({
      encoding: "hex",
      timestampHeader: "x-webflow-timestamp",
      parseTimestamp: unixMilliseconds,
      toleranceSeconds: 300,
      sign: (timestamp, inbound) => [`${timestamp}:`, inbound.body],
    }),
    bodyFields: ["triggerType"],
    identify: (_inbound, body) => ({ eventType: field(body(), "triggerType"), providerEventId: null }),
  },
  {
    name: "woocommerce",
    headers: ["x-wc-webhook-signature"],
    hmac: overBody({ algorithm: "sha256", encoding: "base64" }),
    // The body's `id` is the order's, the same for each of its changes: only the delivery has an id of its own.
    identify: identifyByHeaders("x-wc-webhook-topic", "x-wc-webhook-delivery-id"),
  },
  {
    name: "zendesk",
    headers: ["x-zendesk-webhook-signature"],
    hmac: overTimestampHeader({
      encoding: "base64",
      timestampHeader: "x-zendesk-webhook-signature-timestamp",
      parseTimestamp: isoTime,
      // Zendesk names none, so only a tolerance that the owner sets is held against it.
      toleranceSeconds: null,
      sign: (timestamp, inbound) => [timestamp, inbound.body],
    }),
    identify: identifyGenerically,
  },
  {
    name: "zoom",
    headers: ["x-zm-signature"],
    hmac: overTimestampHeader({
      encoding: "hex",
      timestampHeader: "x-zm-request-timestamp",
      parseTimestamp: unixSeconds,
      toleranceSeconds: 300,
      version: "v0",
      sign: (timestamp, inbound) => [`v0:${timestamp}:`, inbound.body],
    }),
    identify: identifyGenerically,
  },
];
