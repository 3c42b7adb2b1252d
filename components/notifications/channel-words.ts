// Words for the ways to tell somebody of issues, and for what they are told of.
import type { IconName } from "#components/ui/icons.tsx";
import type { IssueKind } from "#server/contracts/issue.ts";
import type { NotificationChannel, NotificationResult } from "#server/contracts/notification.ts";
import type { QuietHours } from "#server/contracts/quiet-hours.ts";

export const CHANNELS: Record<NotificationChannel, { label: string; icon: IconName; help: string }> = {
  webhook: { label: "Webhook", icon: "globe", help: "Signed as every delivery, and tried again like one." },
  chat: {
    label: "Chat",
    icon: "connections",
    help: "The URL of an incoming webhook of Slack, or of what takes the same. Of it the host alone is shown again.",
  },
  pager: { label: "Pager", icon: "bell", help: "Takes events as PagerDuty does. Left empty: PagerDuty itself." },
  email: { label: "E-mail", icon: "mail", help: "To addresses that have said yes." },
};

export const KIND_WORDS: Record<IssueKind, string> = {
  breaker_open: "A breaker opens",
  connection_failing: "A connection fails",
  signature_failures: "Signatures fail",
  source_silent: "A source is silent",
  backlog: "A line falls behind",
  transform_errors: "A transformation throws",
  payload_drift: "A payload changed its shape",
};
export const KINDS = Object.keys(KIND_WORDS) as IssueKind[];

/** What came of telling somebody, without its time. */
export function resultWords({
  is_delivered,
  response_status,
  error_code,
}: Pick<NotificationResult, "is_delivered" | "response_status" | "error_code">): string {
  if (is_delivered) return "Delivered";
  const why = error_code === null || error_code === "BAD_RESPONSE" ? response_status : error_code;
  return `Not delivered: ${why ?? "no answer"}`;
}

export const quietWords = ({ from, until, time_zone, passes }: QuietHours): string =>
  `quiet ${from}–${until} ${time_zone}${passes === "errors" ? ", but for errors" : ""}`;
