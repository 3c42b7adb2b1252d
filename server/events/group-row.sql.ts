// The group of an event, as it stands in its row.
import { GROUP_MARK_LENGTH } from "#server/contracts/group-filter.ts";

/** Whether the group of an event is paused at its destination; as `isGroupPaused` judges it from the configuration. */
export const isOfPausedGroup = (event: string, destination: string): string => `(
  left(${event}.turn_key, ${GROUP_MARK_LENGTH})
    = 'g' || left(encode(sha256(convert_to(${destination}.config #>> '{groups,key}', 'UTF8')), 'hex'), ${GROUP_MARK_LENGTH - 1})
  and ${destination}.config -> 'groups' -> 'overrides' -> substr(${event}.turn_key, ${GROUP_MARK_LENGTH + 1} + starts_with(substr(${event}.turn_key, ${GROUP_MARK_LENGTH + 1}), '=')::integer) ->> 'paused' = 'true')`;
