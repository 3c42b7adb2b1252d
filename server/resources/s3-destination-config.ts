// The config of a destination of type S3 as it is saved: the defaults, then the current config, then the fields that were
// sent.
import type { SentDestinationConfig } from "#server/contracts/destination.ts";
import { keyProblem, S3Auth, S3DestinationConfig } from "#server/contracts/s3-destination.ts";
import type { AddressPolicy } from "#server/egress/address-policy.ts";
import { checkUrl } from "#server/egress/url-policy.ts";
import { fieldIssues, parseInput, unprocessable, wrongField } from "#server/errors/field-issues.ts";
import { mergeAuth } from "./secret-fields.ts";

/** The endpoint with nothing behind its path: a query could hold a token, and none would be sent. */
function checkEndpoint(endpoint: string, policy: AddressPolicy): void {
  const verdict = checkUrl(endpoint, policy);
  if (verdict.kind === "refused") throw wrongField("config.endpoint", verdict.message);
  if (/[?#]/.test(endpoint)) throw wrongField("config.endpoint", "Give the store's address without ? and #.");
}

/**
 * Merges `sent` into `current`. The endpoint is judged whenever it is sent, and again at each send.
 * @throws AppError UNPROCESSABLE with paths that begin with `config.`
 */
export function mergeS3Config(
  current: S3DestinationConfig,
  sent: SentDestinationConfig,
  policy: AddressPolicy,
): S3DestinationConfig {
  const { auth: sentAuth = {}, ...fields } = Object.fromEntries(
    Object.entries(sent).filter(([, value]) => value !== undefined),
  ) as Partial<S3DestinationConfig>;
  const merged = { ...current, ...fields, auth: mergeAuth(current.auth, sentAuth, true) };
  if (merged.bucket === "") throw wrongField("config.bucket", "This field is required: give the name of the bucket.");
  const config = parseInput(S3DestinationConfig, merged, ["config"]);
  if (fields.endpoint !== undefined && fields.endpoint !== null) checkEndpoint(fields.endpoint, policy);
  const problem = keyProblem(config);
  if (problem !== null) throw wrongField("config.key", problem);
  if (config.format === "ndjson" && config.ordering !== "none") {
    throw wrongField(
      "config.ordering",
      "The lines of a file stand in order by themselves: use ordering none, or format event.",
    );
  }
  const auth = S3Auth.safeParse(config.auth);
  if (!auth.success) throw unprocessable(fieldIssues(auth.error, ["config", "auth"]));
  return { ...config, auth: auth.data };
}
