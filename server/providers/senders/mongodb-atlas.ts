import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

/** A body is an alert as it stands: each change of it comes under the same id. */
export const mongodbAtlas = makeProvider(
  {
    name: "mongodb-atlas",
    title: "MongoDB Atlas",
    tile: "Ma",
    docs: "https://www.mongodb.com/docs/atlas/tutorial/webhook-integration/",
    isConfirmed: true,
  },
  signedBy(["x-mms-signature"], overTemplate({ sign: "{body}", encoding: "base64", algorithm: "sha1" })),
  {
    type: ["eventTypeName", "header:x-mms-event"],
    id: "id",
    isIdShared: true,
    occurredAt: ["updated", "created"],
    resourceId: ["clusterName", "groupId"],
    example: "OUTSIDE_METRIC_THRESHOLD",
  },
);
