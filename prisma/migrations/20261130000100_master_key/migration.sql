-- The fingerprint of the SWITCHYARD_SECRET under which the stored secrets are sealed: a start with another one is refused.
create table "master_key" (
  "id" integer primary key default 1 check ("id" = 1),
  "fingerprint" text not null,
  "set_at" timestamptz(3) not null
);
