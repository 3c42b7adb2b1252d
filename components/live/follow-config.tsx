"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useLive } from "./use-live.ts";

/** The routers whose answers depend on the configuration of the team. */
const OF_CONFIGURATION = new Set(["sources", "destinations", "connections", "transformations", "topology", "overview"]);

/** The keys of tRPC begin with a path; a list's names are kept under a key of their own. */
const isOfConfiguration = ({ queryKey: [path] }: { queryKey: readonly unknown[] }) =>
  path === "names" || (Array.isArray(path) && OF_CONFIGURATION.has(String(path[0])));

/**
 * Asks again for what the page shows of resources, when somebody has changed one: here, in another browser or by the API. After
 * a gap it asks for all that the page shows.
 */
export function FollowConfig() {
  const queryClient = useQueryClient();
  const known = useRef<string>(undefined);
  useLive(["config"], ({ config }, isGap) => {
    if (isGap) void queryClient.invalidateQueries();
    if (config === undefined || config === known.current) return;
    const isFirst = known.current === undefined;
    known.current = config;
    if (!isFirst && !isGap) void queryClient.invalidateQueries({ predicate: isOfConfiguration });
  });
  return null;
}
