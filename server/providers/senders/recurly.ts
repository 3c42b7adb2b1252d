import type { HmacScheme } from "#server/providers/hmac-scheme.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";
import { notATimestamp, soleHeader, spellTimestamp, unixMilliseconds } from "#server/providers/timestamps.ts";

/** The header is a list: the time in milliseconds, then a signature for each key that is valid now. */
const scheme: HmacScheme = {
  algorithm: "sha256",
  encoding: "hex",
  covers: "time and body",
  toleranceSeconds: 300,
  read(inbound, header) {
    const list = soleHeader(inbound, header);
    if (list.kind === "unreadable") return list;
    const [time = "", ...candidates] = list.text.split(",").map((part) => part.trim());
    const timestampMs = unixMilliseconds(time);
    if (timestampMs === null) return notATimestamp(`The first part of ${header}`);
    return { kind: "read", candidates, messages: [{ parts: [`${time}.`, inbound.body], timestampMs }] };
  },
  write: ({ nowMs }) => ({
    headers: [],
    value: (digest) => `${spellTimestamp(unixMilliseconds, nowMs)},${digest}`,
  }),
};

/** Its JSON webhooks are signed, those in XML are not. The id is that of what changed, and stands in every event of it. */
export const recurly = makeProvider(
  {
    name: "recurly",
    title: "Recurly",
    tile: "Ry",
    docs: "https://docs.recurly.com/recurly-subscriptions/docs/signature-verification",
    isConfirmed: true,
  },
  signedBy(["recurly-signature"], scheme),
  {
    type: ["object_type+event_type", "event_type"],
    id: "id",
    isIdShared: true,
    occurredAt: "event_time",
    resourceId: ["uuid", "account_code", "id"],
    example: "subscription.created",
  },
);
