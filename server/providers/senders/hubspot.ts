import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";
import { unixMilliseconds } from "#server/providers/timestamps.ts";

/** HubSpot signs the URL with these decoded; what stands before a query stays. */
const DECODED = /%(?:3A|2F|3F|40|21|24|27|28|29|2A|2C|3B)/gi;

const spellings = (url: string) => [url, url.replace(DECODED, decodeURIComponent)];

/** A webhook is a list of events of any kinds. */
export const hubspot = makeProvider(
  {
    name: "hubspot",
    title: "HubSpot",
    tile: "Hs",
    docs: "https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation",
    isConfirmed: true,
  },
  signedBy(
    ["x-hubspot-signature-v3"],
    overTemplate({
      sign: "{method}{url}{body}{timestamp}",
      encoding: "base64",
      timestamp: { header: "x-hubspot-request-timestamp", parse: unixMilliseconds, toleranceSeconds: 300 },
      spellings,
    }),
  ),
  {
    // HubSpot calls its eventId not surely unique, and counts in `attemptNumber` how often it has sent a list.
    list: { at: "", type: "subscriptionType", id: "eventId+subscriptionId+objectId+occurredAt" },
    occurredAt: "0.occurredAt",
    resourceId: "0.objectId",
    example: "contact.creation",
  },
  { fieldWords: { secret: { label: "Client secret", help: "On the page Auth of the app." } } },
);
