import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { headerValues } from "#server/providers/inbound.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";
import { isoTimeWithOffset } from "#server/providers/timestamps.ts";

const scheme = overTemplate({
  sign: "{body}{timestamp}",
  encoding: "base64",
  timestamp: { header: "box-delivery-timestamp", parse: isoTimeWithOffset, toleranceSeconds: 600 },
});

/** An application has two keys, and each signs in a header of its own: while one is renewed, the other still holds. */
export const box = makeProvider(
  {
    name: "box",
    title: "Box",
    tile: "Bo",
    docs: "https://developer.box.com/guides/webhooks/v2/signatures-v2",
    isConfirmed: true,
  },
  signedBy(["box-signature-primary", "box-signature-secondary"], {
    ...scheme,
    read: (inbound, header) =>
      scheme.read(inbound, header, [
        ...headerValues(inbound, "box-signature-primary"),
        ...headerValues(inbound, "box-signature-secondary"),
      ]),
  }),
  { type: "trigger", id: "id", occurredAt: "created_at", resourceId: "source.id", example: "FILE.UPLOADED" },
);
