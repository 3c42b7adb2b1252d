import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { formatCount } from "#components/ui/format.ts";
import { ACTIVE_KEYS } from "./key-lists.ts";

/** How much is in a section, by its address; it is read as the section itself reads it. */
export function useSectionCounts(): Readonly<Record<string, string | undefined>> {
  const trpc = useTRPC();
  const members = useQuery(trpc.members.list.queryOptions({}));
  const keys = useQuery(trpc.apiKeys.list.queryOptions(ACTIVE_KEYS));
  const more = keys.data?.pagination.next ? "+" : "";
  return {
    "/settings/members": members.data && formatCount(members.data.data.length),
    "/settings/keys": keys.data && formatCount(keys.data.data.length) + more,
  };
}
