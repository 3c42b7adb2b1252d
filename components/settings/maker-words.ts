import type { ApiKey } from "#server/contracts/api-key.ts";

type Made = Pick<ApiKey, "made_by_kind" | "made_by_id" | "made_by_name">;

/** Who made a key: a person or a key by name, while they are of the team; else what it was. */
export function makerWords({ made_by_kind: kind, made_by_id: id, made_by_name: name }: Made): string {
  if (name !== null) return name;
  if (kind === "system") return id === "start" ? "the first start" : "the command line";
  if (kind === "user") return "someone who left";
  return kind === null ? "–" : "an API key";
}
