// An event as routing hands it over to a lane.
import type { HandedOver, RoutedEvent } from "#server/events/handed-over.ts";

type Told = Pick<RoutedEvent, "team_id" | "id" | "destination_id" | "next_attempt_at">;

export const handedEvent = (told: Told, turn_key: string | null): HandedOver => ({
  request: {
    ...{ team_id: told.team_id, id: "req_none", verified: false, method: "POST", path: "/", query: "", headers: [] },
    ...{ body: Buffer.from("{}"), body_bytes: 2, is_masked: false },
  },
  event: {
    ...{
      ...told,
      request_id: "req_none",
      source_id: "src_none",
      connection_id: "web_none",
      event_type: null,
      turn_key,
    },
    ...{ attempts: 0, retries_counted_from: 0, trigger: "INITIAL", object_batch_id: null, transformed: null },
    ...{ has_own_body: false, transformed_body: null },
  },
});
