import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { echoHeader } from "#server/providers/probes.ts";
import { signedBy } from "#server/providers/signed.ts";
import { unixMilliseconds } from "#server/providers/timestamps.ts";

/**
 * Its application webhooks. A new URL is asked for the text of a header, in a request that is signed as events are. Webhooks of
 * its rules sign in the same header by SHA-1 over the body alone: those are a source of plain HMAC.
 */
export const front = makeProvider(
  {
    name: "front",
    title: "Front",
    tile: "Fr",
    docs: "https://dev.frontapp.com/docs/application-webhooks",
    isConfirmed: true,
  },
  signedBy(
    ["x-front-signature"],
    overTemplate({
      sign: "{timestamp}:{body}",
      encoding: "base64",
      timestamp: { header: "x-front-request-timestamp", parse: unixMilliseconds, toleranceSeconds: 300 },
    }),
  ),
  {
    type: "type",
    id: "payload.id",
    occurredAt: "payload.emitted_at",
    resourceId: "payload.conversation.id",
    example: "inbound_received",
  },
  { isHeaderShared: true, handshake: echoHeader("x-front-challenge") },
);
