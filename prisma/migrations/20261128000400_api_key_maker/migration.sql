-- Who made a key, and the address that used it last. Of keys from before, the audit log knows the maker.
alter table "api_key" add column "last_used_ip" text;
alter table "api_key" add column "made_by_kind" text;
alter table "api_key" add column "made_by_id" text;
update "api_key" k set "made_by_kind" = a."actor_kind", "made_by_id" = a."actor_id"
from "audit_entry" a
where a."resource_kind" = 'api_key' and a."action" = 'create' and a."resource_id" = k."id";
