import { makeProvider } from "#server/providers/make-provider.ts";
import { signedByKey } from "#server/providers/public-key.ts";
import { unixSeconds } from "#server/providers/timestamps.ts";

/** A webhook is a list of events of any kinds. */
export const sendgrid = makeProvider(
  {
    name: "sendgrid",
    title: "SendGrid",
    tile: "Sg",
    docs: "https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features",
    isConfirmed: true,
  },
  signedByKey("x-twilio-email-event-webhook-signature", {
    kind: "ecdsa-p256",
    encoding: "base64",
    sign: "{timestamp}{body}",
    timestamp: { header: "x-twilio-email-event-webhook-timestamp", parse: unixSeconds, toleranceSeconds: 300 },
  }),
  {
    list: { at: "", type: "event", id: "sg_event_id" },
    occurredAt: "0.timestamp",
    resourceId: "0.sg_message_id",
    example: "delivered",
  },
  {
    fieldWords: {
      public_key: { label: "Verification key", help: "Shown when signature verification is switched on." },
    },
  },
);
