import { z } from "zod";
import type { AuthScheme } from "./provider.ts";

const settings = z.object({});

/** A source that asks for no proof. */
export const unproved: AuthScheme<typeof settings> = {
  settings,
  rotation: null,
  makeCheck: () => () => ({ kind: "unattempted" }),
  prove: () => ({ kind: "none" }),
  problems: () => [],
  secretHeaders: () => [],
};
