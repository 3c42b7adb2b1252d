"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useMay } from "#components/data/may.tsx";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { sayFailed } from "#components/graph-drawer/act.ts";
import { Button } from "#components/ui/button.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { shortenId } from "#components/ui/id.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { OrderNow } from "#server/contracts/order-now.ts";
import { blockedName, blockedWords, waitingWords } from "./order-words.ts";

const REFRESH_MS = 5_000;

/** What waits for its turn, and which event blocks the others, with what lets them go. */
export function OrderStanding({ id }: { id: string }) {
  const { destinations } = useTRPC();
  const { data } = useQuery(destinations.order.queryOptions({ id }, { refetchInterval: REFRESH_MS }));
  if (!data) return null;
  const words = waitingWords(data);
  const unseen = data.blocked_keys - data.blocked.length;
  return (
    <div className="grid gap-2">
      {data.blocked.map((blocked) => (
        <Blocked key={blocked.head.id} blocked={blocked} destinationId={id} />
      ))}
      {unseen > 0 && data.blocked.length > 0 ? (
        <p className="text-hold text-xs">{unseen} more keys are blocked.</p>
      ) : null}
      {words === undefined ? null : <p className="text-muted text-xs [overflow-wrap:anywhere]">{words}</p>}
    </div>
  );
}

function Blocked({ blocked, destinationId }: { blocked: OrderNow["blocked"][number]; destinationId: string }) {
  const { events, destinations } = useTRPC();
  const queryClient = useQueryClient();
  const mayRetry = useMay("events.retry");
  const { head } = blocked;
  const options = (text: string) => ({
    onSuccess: () => showToast({ kind: "done", text }),
    onError: sayFailed,
    onSettled: () => queryClient.invalidateQueries({ queryKey: destinations.order.queryKey({ id: destinationId }) }),
  });
  const retry = useMutation(events.retry.mutationOptions(options("Queued again. What waits behind it follows.")));
  const cancel = useMutation(events.cancel.mutationOptions(options("Cancelled. What waited behind it goes on.")));
  const isBusy = retry.isPending || cancel.isPending;
  return (
    <div className="flex flex-wrap items-center gap-2 rounded-xs bg-hold-bg px-2 py-1.5 text-hold text-xs">
      <Icon name="held" size={14} />
      <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <b className="font-semibold">{blockedName(blocked.order_value)}</b> {blockedWords(blocked)}{" "}
        <Link
          href={`/events/${head.id}`}
          prefetch={false}
          title={head.id}
          className="whitespace-nowrap font-mono underline underline-offset-2"
        >
          {shortenId(head.id)}
        </Link>
      </p>
      {mayRetry && head.status === "FAILED" ? (
        <>
          <Button size="sm" icon="replay" disabled={isBusy} onClick={() => retry.mutate({ id: head.id })}>
            Retry it
          </Button>
          <Button size="sm" kind="quiet" disabled={isBusy} onClick={() => cancel.mutate({ id: head.id })}>
            Cancel it
          </Button>
        </>
      ) : null}
    </div>
  );
}
