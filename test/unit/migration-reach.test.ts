import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tablesReadBy } from "#server/database/migration-reach.ts";

const MIGRATIONS = join(import.meta.dirname, "..", "..", "prisma", "migrations");
/** They have a row for each webhook, or for each minute of each branch. */
const GROWING = ["attempt", "event", "hand_off", "ignored_event", "provider_event", "request", "rollup_minute"];

const READ: [sql: string, ...tables: string[]][] = [
  ['create unique index "a_n" on "a" using btree ("n") where "m" is null;', "a"],
  ["create index on only a (n)", "a"],
  ['alter table "a" alter column "n" type bigint, add column m int', "a"],
  ['alter table a alter "n" set not null', "a"],
  ['alter table "a" add constraint "a_check" check ("n" > 0)', "a"],
  ["alter table a add foreign key (n) references b (n)", "a"],
  ["alter table a add column l numeric(10, 2), add column m numeric(10, 2) check (m > 0)", "a"],
  ["alter table a add column m int unique", "a"],
  ["alter table a add column m bigserial", "a"],
  ["alter table a validate constraint a_check", "a"],
  ["alter table a add column m text generated always as (upper(n)) stored", "a"],
  ["alter table a add column id uuid default gen_random_uuid()", "a"],
  ['update "a" set n = 1 from "b" join c on true', "a", "b", "c"],
  ["delete from a using b where a.n = b.n", "a", "b"],
  ["insert into a select n from b union all select n from c", "b", "c"],
  ['update public.a set n = 1; create index on "public"."b" (n)', "a", "b"],
  ["do $$ begin update a set n = (select max(n) from b); end $$", "a", "b"],
  [
    "do language plpgsql $$ declare k int; begin update a set n = 1; if k > 0 then delete from b; end if; end $$",
    "a",
    "b",
  ],
];

const UNREAD = [
  'alter table "a" add column "m" integer not null default 0, add column l timestamptz default now();',
  'alter table "a" drop constraint "a_check"; alter table a drop column n;',
  'alter table "a" add constraint "a_check" check ("n" > 0) not valid',
  "alter table a add constraint a_check check (n in (2, 3) and m > 0) not valid, drop constraint b_check",
  "alter table a add constraint a_pkey primary key using index a_n",
  "alter table a alter column n set storage external, alter column m set default 3",
  'create table "a" (n int check (n > 0)); create index on "a" (n); insert into a values (1);',
  "insert into a values ('select n from b; update b')",
  "create function f() returns int language sql as $$ select count(*) from a; $$",
  "-- create index on a (n);",
];

describe("the tables that a migration goes through", () => {
  test.each(READ)("%s", (sql, ...tables) => expect(tablesReadBy(sql)).toEqual(tables));
  test.each(UNREAD)("none: %s", (sql) => expect(tablesReadBy(sql)).toEqual([]));

  test("no new migration goes through a table that grows with the traffic", () => {
    const names = readdirSync(MIGRATIONS).filter((name) => /^\d/.test(name));
    const reading = names.filter((name) => {
      const tables = tablesReadBy(readFileSync(join(MIGRATIONS, name, "migration.sql"), "utf8"));
      return tables.some((table) => GROWING.includes(table));
    });
    // Writers wait for such a migration as long as it takes. These were before there was anything to upgrade.
    expect(reading).toEqual([
      "20261126000100_event_life",
      "20261126000701_bulk_operations",
      "20261126001500_rollup_grains",
      "20261126001501_branch_counts",
      "20261126002000_rejected_requests",
      "20261126002100_breaker",
      "20261126002200_order",
      "20261126003000_turns",
      "20261126003001_groups",
      "20261126003201_masks",
      "20261128000200_handed_off",
    ]);
  });
});
