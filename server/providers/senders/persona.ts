import { overTimestampInSignature } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

const scheme = overTimestampInSignature({
  separator: ",",
  timestampKey: "t",
  signatureKey: "v1",
  joint: ".",
  toleranceSeconds: 300,
});

/** While a secret is renewed, the header holds a pair for each of both, with a space between them. */
export const persona = makeProvider(
  {
    name: "persona",
    title: "Persona",
    tile: "Pe",
    docs: "https://docs.withpersona.com/webhooks-best-practices",
    isConfirmed: true,
  },
  signedBy(["persona-signature"], {
    ...scheme,
    read: (inbound, header, values) =>
      scheme.read(
        inbound,
        header,
        values.flatMap((value) => value.split(" ")),
      ),
  }),
  {
    type: "data.attributes.name",
    id: "data.id",
    occurredAt: "data.attributes.created-at",
    resourceId: "data.attributes.payload.data.id",
    example: "inquiry.approved",
  },
);
