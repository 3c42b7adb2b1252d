// The rhythms of a team's sources as they are stored.
import type { Queryable } from "#server/database/db.ts";
import type { Gap, Rhythm } from "./source-silent.ts";

interface RhythmRow {
  source_id: string;
  heard_at: Date;
  /** The start of its hour, its length in milliseconds, and how many began in that hour. */
  gaps: [hourMs: number, ms: number, seen: number][];
}

export async function loadRhythms(db: Queryable, teamId: string): Promise<Map<string, Rhythm>> {
  const { rows } = await db.query<RhythmRow>({
    name: "issues-rhythms",
    text: "select source_id, heard_at, gaps from source_rhythm where team_id = $1",
    values: [teamId],
  });
  return new Map(
    rows.map(({ source_id, heard_at, gaps }) => [
      source_id,
      { heardAtMs: heard_at.getTime(), gaps: gaps.map(([hourMs, ms, seen]): Gap => ({ hourMs, ms, seen })) },
    ]),
  );
}

const SAVE = `
insert into source_rhythm (team_id, source_id, heard_at, gaps)
select $1, source_id, heard_at, gaps::jsonb from unnest($2::text[], $3::timestamptz[], $4::text[]) as learnt(source_id, heard_at, gaps)
where exists (select from source s where s.team_id = $1 and s.id = learnt.source_id)
on conflict (team_id, source_id) do update set heard_at = excluded.heard_at, gaps = excluded.gaps`;

const FORGET = `delete from source_rhythm r where r.team_id = $1 and not exists (
  select from source s where s.team_id = $1 and s.id = r.source_id)`;

/** Saves what was learnt, and forgets sources that are gone. */
export async function saveRhythms(db: Queryable, teamId: string, learnt: ReadonlyMap<string, Rhythm>): Promise<void> {
  await db.query({ name: "issues-forget-rhythms", text: FORGET, values: [teamId] });
  if (learnt.size === 0) return;
  const rhythms = [...learnt].sort(([a], [b]) => (a < b ? -1 : 1));
  await db.query({
    name: "issues-save-rhythms",
    text: SAVE,
    values: [
      teamId,
      rhythms.map(([id]) => id),
      rhythms.map(([, { heardAtMs }]) => new Date(heardAtMs)),
      rhythms.map(([, { gaps }]) => JSON.stringify(gaps.map(({ hourMs, ms, seen }) => [hourMs, ms, seen]))),
    ],
  });
}
