-- The refused ones, which somebody looks for among all that were taken. Only they cost an entry.
create index "request_rejected_idx" on "request" ("team_id", "id") where "status" = 'rejected';
