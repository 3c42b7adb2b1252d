// Routes: which events of which sources go to which destination, by globs, in one call.
import { z } from "zod";
import { Connection } from "./connection.ts";
import { CreateDestination } from "./destination.ts";
import { Name } from "./resource-fields.ts";

/** A transaction has so many connections at most. */
export const MAX_ROUTED = 100;
const MAX_ROUTES = 20;
const MAX_NAME = 60;

const Glob = z.string().min(1).max(255);

export const Route = z
  .strictObject({
    name: Name.max(MAX_NAME, `Use at most ${MAX_NAME} characters: the source's name follows it.`).meta({
      description: "Its connections are called `<name>-<source>`: a second call of the name changes those.",
    }),
    source: Glob.meta({
      description: "A source's name or type, or a glob such as `stripe-*`; `*` is every source. Case does not count.",
    }),
    event_type: z
      .union([Glob, z.array(Glob).min(1).max(100)])
      .meta({ description: "A glob such as `payment.*`, or several; `*` is every event." }),
    destination_id: z.string().max(64).optional(),
    destination: CreateDestination.optional().meta({ description: "Made, or changed by its name." }),
  })
  .refine(({ destination, destination_id }) => (destination === undefined) !== (destination_id === undefined), {
    path: ["destination_id"],
    message: "Give destination_id or an inline destination, one of the two.",
  });
export type Route = z.infer<typeof Route>;

export const PutRoutes = z.strictObject({
  routes: z.array(Route).min(1).max(MAX_ROUTES).meta({ description: "Which sources go where, each by globs." }),
});
export type PutRoutes = z.infer<typeof PutRoutes>;

export const SavedRoutes = z.object({
  routes: z.array(
    z.object({
      name: z.string(),
      destination_id: z.string(),
      connections: z.array(Connection).meta({ description: "One for each source that fits now." }),
    }),
  ),
});
export type SavedRoutes = z.infer<typeof SavedRoutes>;
