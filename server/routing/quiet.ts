// Quiet hours of a notification: what would be told then is ignored with its reason, and told afterwards in one message
// (server/issues/tell-quiet.ts). docs/decisions/073-quiet-hours.md
import type { CachedConnection, ConfigSnapshot } from "#server/config/config-cache.ts";
import { keptBackUntil } from "#server/contracts/quiet-times.ts";
import { type Judgement, judgedIgnored } from "#server/judging/judge.ts";

interface Told {
  event_type: string | null;
  created_at: Date;
}

/** The judgement, or that it was kept back. Only the team's own system source has quiet hours. */
export function inQuiet(
  judgement: Judgement,
  { quietHours, sourceId }: CachedConnection,
  { event_type, created_at }: Told,
  { sources }: ConfigSnapshot,
): Judgement {
  if (quietHours === null || judgement.kind !== "deliver" || sources.get(sourceId)?.isSystem !== true) return judgement;
  const untilMs = keptBackUntil(quietHours, event_type, created_at.getTime());
  if (untilMs === null) return judgement;
  const until = new Date(untilMs).toISOString();
  const detail = `These are quiet hours until ${until}; it is told then, with what else there was, in one message.`;
  return judgedIgnored("QUIET_HOURS", detail, { step: "quiet_hours", outcome: "kept_back", until });
}
