// The fields that resources have in common: names and times, the id that names one, and what a change sends with it.
import { z } from "zod";

export const Timestamp = z.iso.datetime().meta({ description: "ISO 8601 in UTC, with milliseconds." });

/** Names are unique within a team and kind. */
export const Name = z
  .string()
  .regex(/^[A-Za-z0-9_.-]{1,155}$/, "Use 1 to 155 letters, digits, dots, dashes or underscores.")
  .meta({ description: "1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind." });

/** The owner's note on a resource. */
export const Description = z.string().max(2000).nullable();

/** The switch of a save; the switches of their own (`PUT :id/disable`) do the same. */
export const Disabled = z
  .boolean()
  .optional()
  .meta({ description: "Left out: a new one is enabled, and one that exists stays as it is." });

export const ById = z.object({ id: z.string().max(64) });
export type ById = z.infer<typeof ById>;

/** Sent with a change, so that it is made only while the resource is as its sender read it. */
const IfUpdatedAt = Timestamp.optional().meta({
  description:
    "The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what.",
});

/** What an update takes besides the fields that it changes. */
export const CHANGE_FIELDS = { id: z.string().max(64), if_updated_at: IfUpdatedAt };

/** A switch of one resource. */
export const SwitchOne = z.object(CHANGE_FIELDS);
export type SwitchOne = z.infer<typeof SwitchOne>;

/** The answer to a DELETE. */
export const Deleted = z.object({ id: z.string() });
export type Deleted = z.infer<typeof Deleted>;
