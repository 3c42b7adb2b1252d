// The gateways that live. Each writes a heartbeat, with the address at which other processes of the installation reach it.
import type { Queryable } from "#server/database/db.ts";

const IS_LIVE = "beat_at > now() - interval '1 minute'";

/** Rows of gateways that were killed are dropped after an hour. */
const BEAT = `
with gone as (delete from gateway_process where beat_at < now() - interval '1 hour'), said as (
  insert into gateway_process (id, address, beat_at, started_at, reads_packed) values ($1, $2, now(), now(), true)
  on conflict (id) do update set beat_at = excluded.beat_at, address = excluded.address
)
select coalesce((select bool_and(reads_packed) from worker_heartbeat where ${IS_LIVE}), false)
  and coalesce((select bool_and(reads_packed) from gateway_process where ${IS_LIVE} and id <> $1), true) as all_read_packed`;

/**
 * Writes the heartbeat. Resolves with whether there are workers, and all of them and of the other gateways read headers of requests in
 * their packed form: none is of a version from before it.
 */
export async function beat(db: Queryable, id: string, address: string): Promise<boolean> {
  const { rows } = await db.query({ name: "gateway-beat", text: BEAT, values: [id, address] });
  return rows[0].all_read_packed;
}

export async function retire(db: Queryable, id: string): Promise<void> {
  await db.query("delete from gateway_process where id = $1", [id]);
}
