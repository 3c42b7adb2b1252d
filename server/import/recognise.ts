// The system that a file is of, by names that no other has. Told to whoever has named another.
import type { ExportNode } from "./export-file.ts";
import { listsOf } from "./lists.ts";

export const SYSTEMS = ["hookdeck", "svix", "convoy", "outpost", "fasthook"] as const;
export type System = (typeof SYSTEMS)[number];

export const TITLES: Record<System, string> = {
  hookdeck: "Hookdeck",
  svix: "Svix",
  convoy: "Convoy",
  outpost: "Outpost",
  fasthook: "FastHook",
};

const LISTS = ["connections", "sources", "destinations", "applications", "endpoints", "subscriptions", "tenants"];
/** So many items of a file are looked at. */
const LOOKED_AT = 20;

const SIGNS: Record<Exclude<System, "hookdeck" | "fasthook">, readonly string[]> = {
  svix: ["filterTypes", "throttleRate", "iterator", "createdAt"],
  convoy: ["mask_id", "endpoint_metadata", "source_metadata", "filter_config", "advanced_signatures", "project_id"],
  outpost: ["topics", "destinations_count", "credentials"],
};

/** Null where nothing tells. */
export function recognise(root: ExportNode): System | null {
  const items = listsOf(root, LISTS, false)
    .slice(0, LOOKED_AT)
    .map(({ node }) => node);
  const keys = new Set([root, ...items].flatMap(({ members }) => [...members.keys()]));
  const found = (Object.keys(SIGNS) as (keyof typeof SIGNS)[]).find((system) =>
    SIGNS[system].some((sign) => keys.has(sign)),
  );
  if (found) return found;
  const text = items.map((item) => JSON.stringify(item.json())).join("\n");
  if (/FASTHOOK_SIGNATURE|fasthook\.io/.test(text)) return "fasthook";
  return /HOOKDECK_SIGNATURE|hkdk\.events|hookdeck\.com/.test(text) || keys.has("full_name") ? "hookdeck" : null;
}
