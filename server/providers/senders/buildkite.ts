import { overTimestampInSignature } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedBy } from "#server/providers/signed.ts";

export const buildkite = makeProvider(
  {
    name: "buildkite",
    title: "Buildkite",
    tile: "Bk",
    docs: "https://buildkite.com/docs/apis/webhooks/pipelines",
    isConfirmed: true,
  },
  signedBy(
    ["x-buildkite-signature"],
    overTimestampInSignature({
      separator: ",",
      timestampKey: "timestamp",
      signatureKey: "signature",
      joint: ".",
      toleranceSeconds: 300,
    }),
  ),
  {
    type: "event",
    occurredAt: ["build.finished_at", "build.created_at"],
    resourceId: ["build.id", "job.id", "agent.id"],
    example: "build.finished",
  },
);
