-- verified (a signature), authenticated (a shared secret that was sent itself), failed or unattempted. Null in rows from before
-- this column: they are read as verified, failed or unattempted by their other columns.
alter table "request" add column "verification" text;
