import { makeProvider } from "#server/providers/make-provider.ts";
import { sharedToken } from "#server/providers/shared-token.ts";

/** As version 3 of its API proves itself. The page is of the next one, which signs in another header. */
export const flutterwave = makeProvider(
  {
    name: "flutterwave",
    title: "Flutterwave",
    tile: "Fw",
    docs: "https://developer.flutterwave.com/docs/webhooks",
    isConfirmed: false,
  },
  sharedToken("verif-hash"),
  { type: "event", occurredAt: "data.created_at", resourceId: "data.id", example: "charge.completed" },
);
