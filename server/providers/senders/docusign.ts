import { overBody } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

const SIGNATURE = /^x-docusign-signature-\d{1,3}$/i;
const MAX_KEYS = 100;
const scheme = overBody({ algorithm: "sha256", encoding: "base64" });

/** Each HMAC key of the account, at most a hundred, signs in a header of its own: any of them may be the owner's. */
export const docusign = makeProvider(
  {
    name: "docusign",
    title: "DocuSign",
    tile: "Ds",
    docs: "https://developers.docusign.com/platform/webhooks/connect/validate/",
    isConfirmed: true,
  },
  signedBy(["x-docusign-signature-1"], {
    ...scheme,
    maxCandidates: MAX_KEYS,
    read: (inbound, header) =>
      scheme.read(
        inbound,
        header,
        inbound.headers.filter(([name]) => SIGNATURE.test(name)).map(([, value]) => value),
      ),
  }),
  {
    type: "event",
    occurredAt: "generatedDateTime",
    resourceId: ["data.envelopeId", "data.recipientId"],
    example: "envelope-completed",
  },
);
