// The gateways that live. Each writes a heartbeat, with the address at which other processes of the installation reach it.
import type { Queryable } from "#server/database/db.ts";

/** Rows of gateways that were killed are dropped after an hour. */
const BEAT = `
with gone as (delete from gateway_process where beat_at < now() - interval '1 hour')
insert into gateway_process (id, address, beat_at, started_at) values ($1, $2, now(), now())
on conflict (id) do update set beat_at = excluded.beat_at, address = excluded.address`;

export async function beat(db: Queryable, id: string, address: string): Promise<void> {
  await db.query({ name: "gateway-beat", text: BEAT, values: [id, address] });
}

export async function retire(db: Queryable, id: string): Promise<void> {
  await db.query("delete from gateway_process where id = $1", [id]);
}
