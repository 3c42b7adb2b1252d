import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { echoQuery } from "#server/providers/probes.ts";
import { signedBy } from "#server/providers/signed.ts";

/** An event says only whose files changed; the key is the app secret. */
export const dropbox = makeProvider(
  {
    name: "dropbox",
    title: "Dropbox",
    tile: "Db",
    docs: "https://www.dropbox.com/developers/reference/webhooks",
    isConfirmed: true,
  },
  signedBy(["x-dropbox-signature"], overTemplate({ sign: "{body}", encoding: "hex" })),
  { resourceId: "list_folder.accounts.0" },
  { handshake: echoQuery("challenge") },
);
