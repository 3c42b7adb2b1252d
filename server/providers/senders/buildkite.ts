import { overTimestampInSignature } from "#server/providers/hmac-shapes.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { signedOrToken } from "#server/providers/signed-or-token.ts";

/** A webhook sends its token, or signs with it: its owner chooses which. */
export const buildkite = makeProvider(
  {
    name: "buildkite",
    title: "Buildkite",
    tile: "Bk",
    docs: "https://buildkite.com/docs/apis/webhooks/pipelines",
    isConfirmed: true,
  },
  signedOrToken(
    ["x-buildkite-signature"],
    overTimestampInSignature({
      separator: ",",
      timestampKey: "timestamp",
      signatureKey: "signature",
      joint: ".",
      toleranceSeconds: 300,
    }),
    "x-buildkite-token",
    null,
  ),
  {
    type: "event",
    occurredAt: ["build.finished_at", "build.created_at"],
    resourceId: ["build.id", "job.id", "agent.id"],
    example: "build.finished",
  },
  {
    fieldWords: { secret: { label: "Token", help: "Of the notification service, whether it is sent or signed with." } },
  },
);
