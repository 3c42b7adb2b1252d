import { z } from "zod";
import { EventSummary } from "./event.ts";
import { IgnoredEvent } from "./request.ts";
import { RouteNames } from "./route-names.ts";

/** The result of a request on one connection: an event, or nothing and the reason. */
export const RequestBranch = z.object({
  ...RouteNames.pick({ connection_name: true, destination_name: true }).shape,
  connection_id: z.string(),
  destination_id: z.string(),
  event: EventSummary.nullable(),
  ignored: IgnoredEvent.nullable().meta({ description: "Null where there is an event." }),
});
export type RequestBranch = z.infer<typeof RequestBranch>;

/** More than this are not listed. */
export const MAX_BRANCHES = 255;

export const RequestBranches = z.object({
  data: z.array(RequestBranch),
  is_cut: z.boolean().meta({ description: `True where there are more than the ${MAX_BRANCHES} that are listed.` }),
});
export type RequestBranches = z.infer<typeof RequestBranches>;
