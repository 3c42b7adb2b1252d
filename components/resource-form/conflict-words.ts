// Changes that somebody made meanwhile, in words. Pure.
import type { ChangedSince } from "#server/contracts/changed-since.ts";

type Change = ChangedSince["changes"][number];

/** Fields that are named; the rest is counted. */
const TOLD_FIELDS = 4;

export function whoWords({ is_own: isOwn, actor_name: name, actor_kind: kind, actor_id: id }: Change): string {
  if (isOwn) return "You, at another place,";
  if (name !== null) return name;
  return kind === "system" ? "The product itself" : `${kind === "api_key" ? "The API key" : "The person"} ${id}`;
}

const DEEDS: Record<string, string> = {
  pause: "paused it",
  unpause: "resumed it",
  enable: "enabled it",
  disable: "disabled it",
  rotate_secret: "rotated its secret",
};

export function deedWords({ action, fields }: Change, labelOf: (field: string) => string): string {
  const deed = DEEDS[action];
  if (deed !== undefined) return deed;
  if (fields.length === 0) return "saved it";
  const names = [...new Set(fields.map((field) => labelOf(field)))];
  const more = names.length - TOLD_FIELDS;
  return `changed ${names.slice(0, TOLD_FIELDS).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
