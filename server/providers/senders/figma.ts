import { makeProvider } from "#server/providers/make-provider.ts";
import { tokenInBody } from "#server/providers/shared-token.ts";

export const figma = makeProvider(
  {
    name: "figma",
    title: "Figma",
    tile: "Fg",
    docs: "https://developers.figma.com/docs/rest-api/webhooks-security",
    isConfirmed: true,
  },
  tokenInBody("passcode", "token"),
  { type: "event_type", occurredAt: "timestamp", resourceId: "file_key", example: "FILE_UPDATE" },
);
