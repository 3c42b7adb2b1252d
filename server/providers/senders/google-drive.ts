import { makeProvider } from "#server/providers/make-provider.ts";
import { sharedToken } from "#server/providers/shared-token.ts";

/** A notification says in headers that something changed; its body is empty. */
export const googleDrive = makeProvider(
  {
    name: "google-drive",
    title: "Google Drive",
    tile: "Gd",
    docs: "https://developers.google.com/workspace/drive/api/guides/push",
    isConfirmed: false,
  },
  sharedToken("x-goog-channel-token"),
  { type: "header:x-goog-resource-state", resourceId: "header:x-goog-resource-id", example: "change" },
);
