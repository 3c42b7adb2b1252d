import type { AppErrorCode, FieldIssue } from "./app-error.ts";

/** Fields whose page says more than that of the error: the first that fits a wrong field's path. */
const BY_FIELD: [pattern: RegExp, path: string][] = [
  [/(^|\.)rules\[\d+\]\.(body|headers|query|path|event_type)\b/, "/docs/filter"],
  [/(^|\.)rules\[\d+\]\.(window|include_fields|exclude_fields)\b/, "/docs/deduplicate"],
  [/(^|\.)rules\[\d+\]\.transformation_id\b/, "/docs/transform"],
  [/(^|\.)rules\[\d+\]\.delay\b/, "/docs/delay"],
  [/(^|\.)(rules\[\d+\]|retry)\.(strategy|interval|count|schedule|response_status_codes)\b/, "/docs/retry"],
  [/(^|\.)config\.(ordering|ordering_key|on_order_failure)\b/, "/docs/order"],
  [/(^|\.)config\.(breaker|dead_letter_destination_id)\b/, "/docs/trouble"],
  [/(^|\.)config\.(bucket|region|endpoint|is_path_style|key|format|compression|batch_\w+)\b/, "/docs/buckets"],
  [/(^|\.)config\.(url|rate_limit|rate_limit_period|concurrency|answers)\b/, "/docs/destinations"],
  [/(^|\.)config\.(auth|auth_type)\b/, "/docs/sources"],
];

/** The page of the docs about a caller's mistake, as a path of the dashboard. */
export function docsPath(code: AppErrorCode, issues: readonly FieldIssue[] = []): string {
  const field = issues[0]?.path ?? "";
  const fitting = BY_FIELD.find(([pattern]) => pattern.test(field));
  return fitting?.[1] ?? `/docs/errors#${code.toLowerCase()}`;
}
