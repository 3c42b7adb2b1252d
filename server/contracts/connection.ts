import { z } from "zod";
import { CreateDestination } from "./destination.ts";
import { NamedPageInput } from "./page.ts";
import { LONGEST_PAUSE_DAYS } from "./pause-length.ts";
import { manyOf } from "./query-values.ts";
import { CHANGE_FIELDS, Description, Disabled, Name, SwitchOne, Timestamp } from "./resource-fields.ts";
import { Rules } from "./rule.ts";
import { CreateSource } from "./source.ts";

export const Connection = z.object({
  id: z.string(),
  team_id: z.string(),
  name: Name,
  description: Description,
  source_id: z.string(),
  destination_id: z.string(),
  rules: Rules,
  paused_at: Timestamp.nullable(),
  paused_until: Timestamp.nullable().meta({ description: "When it resumes by itself; null where nobody said when." }),
  disabled_at: Timestamp.nullable(),
  created_at: Timestamp,
  updated_at: Timestamp,
});
export type Connection = z.infer<typeof Connection>;

/** The answer to a save: the connection, with warnings about what is valid and looks wrong. */
export const SavedConnection = Connection.extend({
  warnings: z.array(z.object({ path: z.string(), message: z.string() })),
});
export type SavedConnection = z.infer<typeof SavedConnection>;

const ends = {
  source_id: z.string().max(64).optional(),
  source: CreateSource.optional(),
  destination_id: z.string().max(64).optional(),
  destination: CreateDestination.optional(),
};

const switches = {
  paused: z
    .boolean()
    .optional()
    .meta({ description: "True: its events are held, without an end. Left out: as with `disabled`." }),
  disabled: Disabled,
};

/** Each end is an id or an inline object that is created with the connection. */
export const CreateConnection = z
  .strictObject({
    name: Name,
    description: Description.optional(),
    rules: Rules.optional(),
    ...switches,
    ...ends,
  })
  .superRefine((input, ctx) => {
    for (const end of ["source", "destination"] as const) {
      if ((input[end] === undefined) === (input[`${end}_id`] === undefined)) {
        ctx.addIssue({
          code: "custom",
          path: [`${end}_id`],
          message: `Give ${end}_id or an inline ${end}, one of the two.`,
        });
      }
    }
  });
export type CreateConnection = z.infer<typeof CreateConnection>;

/** PATCH: `rules` replaces the whole list. */
export const UpdateConnection = z.strictObject({
  ...CHANGE_FIELDS,
  name: Name.optional(),
  description: Description.optional(),
  rules: Rules.optional(),
  ...switches,
  source_id: ends.source_id,
  destination_id: ends.destination_id,
});
export type UpdateConnection = z.infer<typeof UpdateConnection>;

export const PauseConnection = SwitchOne.extend({
  until: z.iso
    .datetime({ offset: true, error: "Use an ISO 8601 time with its zone, such as 2026-05-29T08:00:00Z." })
    .nullish()
    .meta({
      description: `When it resumes by itself: an ISO 8601 time to come, at most ${LONGEST_PAUSE_DAYS} days away. Without one it is paused until somebody resumes it.`,
    }),
});
export type PauseConnection = z.infer<typeof PauseConnection>;

export const ListConnections = NamedPageInput.extend({
  source_id: manyOf(z.string().max(64)),
  destination_id: manyOf(z.string().max(64)),
  transformation_id: manyOf(z.string().max(64)).meta({ description: "Those whose transform rule names it." }),
  paused: z.stringbool().or(z.boolean()).optional(),
});
export type ListConnections = z.infer<typeof ListConnections>;
