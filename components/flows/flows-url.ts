import { parseAsInteger, parseAsString, useQueryStates } from "nuqs";

const PARSERS = {
  /** The version in the panel, and what it is compared with. */
  v: parseAsInteger,
  against: parseAsInteger,
  /** A kind of resource, or the id of one: versions that changed it. */
  touches: parseAsString,
};

/** What the page shows, which its address holds. */
export const useFlowsUrl = () => useQueryStates(PARSERS, { history: "push" });
