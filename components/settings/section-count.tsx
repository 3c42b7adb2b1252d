import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { formatCount } from "#components/ui/format.ts";
import { ACTIVE_KEYS } from "./key-lists.ts";

const Count = ({ children }: { children: string | undefined }) =>
  children === undefined ? null : <span className="ml-auto font-normal text-muted text-xs">{children}</span>;

/** The people of the team, read as their section reads them. */
export function MemberCount() {
  const { data } = useQuery(useTRPC().members.list.queryOptions({}));
  return <Count>{data && formatCount(data.data.length)}</Count>;
}

/** The keys that can be used. */
export function KeyCount() {
  const { data } = useQuery(useTRPC().apiKeys.list.queryOptions(ACTIVE_KEYS));
  return <Count>{data && formatCount(data.data.length) + (data.pagination.next ? "+" : "")}</Count>;
}

/** Those who are told of issues. */
export function NotificationCount() {
  const { data } = useQuery(useTRPC().notifications.list.queryOptions({}));
  return <Count>{data && formatCount(data.data.length)}</Count>;
}
