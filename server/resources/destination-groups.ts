// The groups of a destination: what waits of each, and one of them paused and resumed.
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { Destination } from "#server/contracts/destination.ts";
import { shownGroup } from "#server/contracts/group-filter.ts";
import {
  type GroupBacklog,
  type GroupBacklogs,
  type Groups,
  groupsOf,
  limitsOfGroup,
  type SwitchGroup,
} from "#server/contracts/groups.ts";
import type { ById } from "#server/contracts/resource-fields.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { groupMark } from "#server/rules/group-key.ts";
import { MAX_COUNTED, MAX_GROUPS, selectWaitingGroups, type WaitingGroup } from "./destination-groups.sql.ts";
import { getDestination, updateDestination } from "./destinations.ts";

const MAX_SHOWN = 20;

/** Bounded, however many groups there are and however many events they have. */
export async function listGroups(ctx: Ctx, input: ById): Promise<GroupBacklogs> {
  const groups = groupsOf(await getDestination(ctx, input));
  if (!groups) return { data: [], is_partial: false };
  const rows = await selectWaitingGroups(ctx, input.id);
  const ofToday = rows.filter(({ turn_key }) => turn_key.startsWith(groupMark(groups)));
  const waiting = ofToday.map((row) => toBacklog(groups, row));
  const missing = Object.keys(groups.overrides).filter((value) => !waiting.some((group) => group.value === value));
  const paused = missing.filter((value) => limitsOfGroup(groups, value).isPaused).map(emptyPaused);
  const size = ({ queued_count, held_count }: GroupBacklog) => queued_count + held_count;
  const all = [...waiting, ...paused].sort((a, b) => size(b) - size(a));
  return {
    data: all.filter(({ is_paused }, at) => at < MAX_SHOWN || is_paused),
    is_partial: rows.filter(({ queued_count }) => queued_count > 0).length > MAX_GROUPS,
  };
}

function toBacklog(
  groups: Groups,
  { turn_key, queued_count, held_count, next_attempt_at }: WaitingGroup,
): GroupBacklog {
  const value = shownGroup(turn_key) ?? "";
  return {
    value,
    queued_count: Math.min(queued_count, MAX_COUNTED),
    held_count: Math.min(held_count, MAX_COUNTED),
    next_attempt_at: next_attempt_at?.toISOString() ?? null,
    is_paused: limitsOfGroup(groups, value).isPaused,
    is_at_least: Math.max(queued_count, held_count) > MAX_COUNTED,
  };
}

const emptyPaused = (value: string): GroupBacklog => ({
  value,
  queued_count: 0,
  held_count: 0,
  next_attempt_at: null,
  is_paused: true,
  is_at_least: false,
});

/** The lane knows within a second. CONFLICT where somebody changes the destination at the same time. */
async function switchGroup(ctx: Ctx, { value, ...input }: SwitchGroup, paused: boolean): Promise<Destination> {
  requireCan(ctx, "destination.write");
  const destination = await getDestination(ctx, input);
  const groups = groupsOf(destination);
  if (!groups) {
    throw wrongField(
      "value",
      "This destination has no groups: set config.groups.key to the place that names them first.",
    );
  }
  const { paused: _, ...own } = groups.overrides[value] ?? {};
  const { [value]: __, ...others } = groups.overrides;
  const isNeeded = paused || Object.keys(own).length > 0;
  const overrides = isNeeded ? { ...others, [value]: { ...own, ...(paused && { paused }) } } : others;
  return updateDestination(ctx, { if_updated_at: destination.updated_at, ...input, config: { groups: { overrides } } });
}

/** Idempotent. Its events are held within a second; those of other groups go on. */
export const pauseGroup = (ctx: Ctx, input: SwitchGroup) => switchGroup(ctx, input, true);
/** Idempotent. What was held of the group goes on, in order. */
export const resumeGroup = (ctx: Ctx, input: SwitchGroup) => switchGroup(ctx, input, false);
