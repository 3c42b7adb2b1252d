-- What a change was from and to, as JSON text, and the chain that shows whether an entry was changed or taken out later.
-- Entries from before the chain have no number.
alter table "audit_entry" add column "before" text;
alter table "audit_entry" add column "after" text;
alter table "audit_entry" add column "seq" bigint;
alter table "audit_entry" add column "hash" text;
create unique index "audit_entry_team_id_seq_key" on "audit_entry" ("team_id", "seq");

create table "audit_head" (
  "team_id" text collate "C" not null,
  "seq" bigint not null,
  "hash" text not null,
  constraint "audit_head_pkey" primary key ("team_id"),
  constraint "audit_head_team_id_fkey" foreign key ("team_id") references "team" ("id") on delete cascade on update cascade
);

-- Numbers an entry and seals it with the hash of the one before. It runs as the transaction commits: the lock on the head of
-- the chain is the last that a transaction takes, so it is short and never part of a circle of locks.
-- server/auth/audit-chain.ts computes the same hash.
create function audit_entry_chain() returns trigger language plpgsql as $$
declare
  head audit_head;
begin
  insert into audit_head (team_id, seq, hash) values (new.team_id, 0, '') on conflict do nothing;
  select * into head from audit_head where team_id = new.team_id for update;
  head.seq := head.seq + 1;
  head.hash := encode(sha256(convert_to(concat_ws(E'\n',
    head.hash, head.seq, new.team_id, new.id, new.actor_kind, new.actor_id, new.action, new.resource_kind, new.resource_id,
    (extract(epoch from new.created_at) * 1000)::bigint, coalesce(new.before, ''), coalesce(new.after, '')), 'UTF8')), 'hex');
  update audit_entry set seq = head.seq, hash = head.hash where team_id = new.team_id and id = new.id;
  update audit_head set seq = head.seq, hash = head.hash where team_id = new.team_id;
  return null;
end $$;

create constraint trigger audit_entry_chain after insert on "audit_entry"
  deferrable initially deferred for each row execute function audit_entry_chain();
