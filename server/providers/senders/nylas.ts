import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { echoQuery } from "#server/providers/probes.ts";
import { signedBy } from "#server/providers/signed.ts";

export const nylas = makeProvider(
  {
    name: "nylas",
    title: "Nylas",
    tile: "Ny",
    docs: "https://developer.nylas.com/docs/v3/webhooks/",
    isConfirmed: true,
  },
  signedBy(["x-nylas-signature"], overTemplate({ sign: "{body}", encoding: "hex" })),
  { type: "type", id: "id", occurredAt: "time", resourceId: "data.object.id", example: "message.created" },
  { handshake: echoQuery("challenge") },
);
