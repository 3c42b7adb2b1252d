-- When somebody had the payload of a request erased. Of such a request nothing is routed, sent or read any more.
alter table "request" add column "erased_at" timestamptz(3);
