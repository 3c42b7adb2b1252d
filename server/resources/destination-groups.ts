// One group of a destination by itself: paused, and resumed.
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { Destination } from "#server/contracts/destination.ts";
import { groupsOf, type SwitchGroup } from "#server/contracts/groups.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { getDestination, updateDestination } from "./destinations.ts";

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
