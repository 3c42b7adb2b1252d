// The things that a restore has made so far, noted with its mark by the transactions that made them, and how they are taken away again.
import { escapeIdentifier, type Queryable } from "#server/database/db.ts";
import { UNFINISHED_RESTORE } from "#server/database/unfinished-restore.ts";

/** Partitions that are dropped in one transaction: each takes a lock for itself, its indexes and theirs. */
const DROPPED_AT_ONCE = 20;

/** As `drop` takes them. Days of the big tables go with these, and whatever belongs to a table or an extension. */
const OBJECTS = `
select 'table ' || oid::regclass::text as object from pg_class
  where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> '_prisma_migrations'
union all
select 'function ' || oid::regprocedure::text from pg_proc
  where pronamespace = current_schema()::regnamespace and prokind = 'f'
    and not exists (select from pg_depend where classid = 'pg_proc'::regclass and objid = pg_proc.oid and deptype = 'e')`;

const NOTE_MADE = `update _prisma_migrations set logs = (logs::jsonb || $1::jsonb)::text where migration_name = '${UNFINISHED_RESTORE}'`;
const MADE = `select logs from _prisma_migrations where migration_name = '${UNFINISHED_RESTORE}'`;

const DAYS = `
select child.relname as name from pg_inherits join pg_class child on child.oid = inhrelid join pg_class parent on parent.oid = inhparent
where 'table ' || parent.oid::regclass::text = any ($1) and child.relkind = 'r' order by 1 limit ${DROPPED_AT_ONCE}`;

async function listObjects(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ object: string }>(OBJECTS);
  return rows.map(({ object }) => object);
}

/** Runs `work` in a transaction. Nothing is known of it where it rejects: the transaction is still open then, or the session is gone. */
export async function inTransaction<T>(db: Queryable, work: () => Promise<T>, begin = "begin"): Promise<T> {
  await db.query(begin);
  const result = await work();
  await db.query("commit");
  return result;
}

/** As {@link inTransaction}, for work that makes tables and functions. It sees nothing that others make meanwhile, so that is not noted. */
export function makeInTransaction<T>(db: Queryable, work: () => Promise<T>): Promise<T> {
  const makeAndNote = async () => {
    const before = new Set(await listObjects(db));
    const result = await work();
    const made = (await listObjects(db)).filter((object) => !before.has(object));
    await db.query(NOTE_MADE, [JSON.stringify(made)]);
    return result;
  };
  return inTransaction(db, makeAndNote, "begin isolation level repeatable read");
}

/**
 * Takes away all that an unfinished restore has made, and its mark last. False: there is none.
 *
 * @param onUnmark awaited before the mark goes
 */
export async function clearUnfinished(db: Queryable, onUnmark: () => Promise<void>): Promise<boolean> {
  const { rows: ledgers } = await db.query("select to_regclass('_prisma_migrations') is not null as found");
  if (!ledgers[0].found) return false;
  const { rows } = await db.query<{ logs: string }>(MADE);
  if (!rows[0]) return false;
  const made: string[] = JSON.parse(rows[0].logs);
  for (;;) {
    const { rows: days } = await db.query<{ name: string }>(DAYS, [made]);
    if (days.length === 0) break;
    await db.query(`drop table ${days.map(({ name }) => escapeIdentifier(name)).join(", ")}`);
  }
  const named = (kind: string) =>
    made.filter((object) => object.startsWith(`${kind} `)).map((object) => object.slice(kind.length + 1));
  // Functions take rows of tables, whose triggers call functions: those go with the functions.
  const [functions, tables] = [named("function"), named("table")].map((names) => names.join(", "));
  const drops = [
    ...(functions ? [`drop function if exists ${functions} cascade;`] : []),
    ...(tables ? [`drop table if exists ${tables};`] : []),
  ];
  await onUnmark();
  await db.query(
    `begin; ${drops.join(" ")} drop schema if exists graphile_worker cascade; drop table _prisma_migrations; commit`,
  );
  return true;
}

/** With it what is restored is a database like any other. */
export const END_RESTORE = `delete from _prisma_migrations where migration_name = '${UNFINISHED_RESTORE}'`;
