-- The columns that a person sees in each list, by the list's name. docs/decisions/066-columns-of-lists.md
alter table "user" add column "list_columns" jsonb not null default '{}';
