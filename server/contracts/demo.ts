import { z } from "zod";
import { Timestamp } from "./resource-fields.ts";

export const DemoState = z.enum(["none", "sending", "resting", "removing"]).meta({
  description:
    "`sending`: signed webhooks come in through the door. `resting`: their time is over, and all that came of them is still there. `removing`: the resources are gone, and what came of them goes within seconds.",
});
export type DemoState = z.infer<typeof DemoState>;

export const Demo = z.object({
  state: DemoState,
  id: z.string().nullable(),
  source_ids: z.array(z.string()),
  destination_ids: z.array(z.string()),
  transformation_ids: z.array(z.string()),
  sent_count: z.int().meta({ description: "The webhooks that it has sent." }),
  sends_until: Timestamp.nullable(),
  problem: z.string().nullable().meta({ description: "Why its last webhooks did not arrive." }),
  loaded_at: Timestamp.nullable(),
});
export type Demo = z.infer<typeof Demo>;

export const GetDemo = z.object({});
export const LoadDemo = z.object({});
export const RemoveDemo = z.object({});
