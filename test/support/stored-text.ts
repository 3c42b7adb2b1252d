// A text looked for in everything that is stored: a dump of all tables, row by row.
import type { World } from "./world.ts";

/** The tables in which `text` stands in clear, or as the database shows bytes. */
export async function tablesWith(world: Pick<World, "all">, text: string, spellings: readonly string[] = []) {
  const tables = await world.all<{ name: string }>(
    "select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1",
  );
  if (tables.length < 15) throw new Error("The tables were not found, so nothing was looked for.");
  const sought = [text, Buffer.from(text).toString("hex"), ...spellings];
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await world.all<{ row: string }>(`select to_jsonb(t)::text as row from ${name} t`);
    if (rows.some(({ row }) => sought.some((each) => row.includes(each)))) found.push(name);
  }
  return found;
}
