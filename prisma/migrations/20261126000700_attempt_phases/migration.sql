-- Milliseconds of dns, connect, tls, wait and read; null where nothing was sent.
alter table "attempt" add column "phases" real[];
