import { makeProvider } from "#server/providers/make-provider.ts";
import { sharedToken } from "#server/providers/shared-token.ts";

export const flutterwave = makeProvider(
  { name: "flutterwave", title: "Flutterwave", tile: "Fw", docs: "https://developer.flutterwave.com/docs/webhooks" },
  sharedToken("verif-hash"),
  { type: "event", occurredAt: "data.created_at", resourceId: "data.id", example: "charge.completed" },
);
