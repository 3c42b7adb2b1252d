import { parseAsBoolean, parseAsInteger, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";

const TABS = ["plan", "drift", "versions"] as const;
export type FlowsTab = (typeof TABS)[number];

const PARSERS = {
  tab: parseAsStringLiteral(TABS).withDefault("plan"),
  /** The flow whose file stands in the editor at first, by its name. */
  flow: parseAsString,
  /** Whether what the file no longer declares is to go. */
  prune: parseAsBoolean.withDefault(false),
  /** The version in the panel, and what it is compared with. */
  v: parseAsInteger,
  against: parseAsInteger,
  /** A kind of resource, or the id of one: versions that changed it. */
  touches: parseAsString,
};

/** What the page shows, which its address holds. */
export const useFlowsUrl = () => useQueryStates(PARSERS, { history: "push" });
