// What a database's tables are, one line per fact, so that two databases can be compared and a difference reads as a sentence.
import type { Client } from "pg";

/**
 * Comparing ids byte by byte is the migrations' business, and so is how a table is stored. Prisma has no optional lists,
 * yet never writes "not null" for one, and has its own spelling of an empty array; it knows one way to count up.
 */
const COLUMNS = `
  select format('%s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull and t.typcategory <> 'A' then ' not null' else '' end,
    case when a.attidentity <> '' or pg_get_expr(d.adbin, d.adrelid) like 'nextval(%' then ' counting up'
      else coalesce(' default ' || replace(pg_get_expr(d.adbin, d.adrelid), 'ARRAY[]', '''{}'''), '') end) as fact
  from pg_attribute a
  join pg_class c on c.oid = a.attrelid
  join pg_type t on t.oid = a.atttypid
  left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and c.relname <> '_prisma_migrations' and a.attnum > 0 and not a.attisdropped`;

/** Primary, unique and plain indexes; a partial one is known to the migrations alone. */
const INDEXES = `
  select format('%s %s%susing %s (%s)', i.indexrelid::regclass,
    case when i.indisprimary then 'primary ' else '' end, case when i.indisunique then 'unique ' else '' end, m.amname,
    (select string_agg(pg_get_indexdef(i.indexrelid, n, true), ', ' order by n) from generate_series(1, i.indnkeyatts) n)) as fact
  from pg_index i
  join pg_class t on t.oid = i.indrelid
  join pg_class x on x.oid = i.indexrelid
  join pg_am m on m.oid = x.relam
  where t.relnamespace = 'public'::regnamespace and not t.relispartition and t.relname <> '_prisma_migrations'
    and i.indpred is null`;

const FOREIGN_KEYS = `
  select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) as fact
  from pg_constraint where connamespace = 'public'::regnamespace and contype = 'f' and conparentid = 0`;

/** Sorted facts of the schema `public`: columns with type, nullability and default, indexes, foreign keys. */
export async function readCatalog(client: Client): Promise<string[]> {
  const facts: string[] = [];
  for (const text of [COLUMNS, INDEXES, FOREIGN_KEYS]) {
    const { rows } = await client.query<{ fact: string }>(text);
    facts.push(...rows.map((row) => row.fact));
  }
  return facts.sort();
}

/** What only one of the two has: `- ` is missing from the second, `+ ` is missing from the first. */
export function compareCatalogs(first: string[], second: string[]): string[] {
  const [inFirst, inSecond] = [new Set(first), new Set(second)];
  return [
    ...first.filter((fact) => !inSecond.has(fact)).map((fact) => `- ${fact}`),
    ...second.filter((fact) => !inFirst.has(fact)).map((fact) => `+ ${fact}`),
  ].sort();
}
