import { overTemplate } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const mongodbAtlas = makeProvider(
  {
    name: "mongodb-atlas",
    title: "MongoDB Atlas",
    tile: "Ma",
    docs: "https://www.mongodb.com/docs/atlas/tutorial/third-party-service-integrations/",
    isConfirmed: false,
  },
  signedBy(["x-mms-signature"], overTemplate({ sign: "{body}", encoding: "base64", algorithm: "sha1" })),
  {
    type: ["eventTypeName", "header:x-mms-event"],
    id: "id",
    occurredAt: ["updated", "created"],
    resourceId: ["clusterName", "groupId"],
    example: "OUTSIDE_METRIC_THRESHOLD",
  },
);
