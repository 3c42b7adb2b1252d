import { newId } from "#server/ids.ts";
import type { Arrival } from "#server/ingest/arrival.ts";

/** An accepted request of the first team, with an empty object as its body. Its id tells `now`, too. */
export function plainArrival(sourceId: string, now: Date, more: Partial<Arrival> = {}): Arrival {
  return {
    team_id: "tm_default",
    id: newId("request", now.getTime()),
    source_id: sourceId,
    status: "accepted",
    verification: "unattempted",
    verified: false,
    method: "POST",
    path: "/",
    query: "",
    headers: [],
    content_type: null,
    body: Buffer.from("{}"),
    body_bytes: 2,
    is_kept: true,
    remote_ip: "127.0.0.1",
    created_at: now,
    ...more,
  };
}
