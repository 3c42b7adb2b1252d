-- When the secret of a source was set: what it matched before was matched by another.
alter table "source" add column "secret_set_at" timestamptz(3);
