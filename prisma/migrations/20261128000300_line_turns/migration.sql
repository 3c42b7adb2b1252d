-- Lines of a destination take turns by the turn key of their first event; see order_line. No turn key sorts with that of lines from before.
alter table "order_line" add column "turn_key" text collate "C" not null default '-';
create index "order_line_turn_idx" on "order_line" ("destination_id", "turn_key", "due_at", "order_key");
