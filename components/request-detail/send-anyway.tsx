"use client";

import { Button } from "#components/ui/button.tsx";
import type { IgnoredCause } from "#server/contracts/request.ts";
import type { RequestBranch } from "#server/contracts/request-branch.ts";
import { useReroute } from "./use-reroute.ts";

/** What being sent anyway gets past: the filter, and deduplication, as no retry is ever a duplicate. */
const CAN_PASS: ReadonlySet<IgnoredCause> = new Set(["FILTERED", "DEDUPLICATED"]);

/** Sends a request on a connection that ignored it. */
export function SendAnyway({ branch, requestId }: { branch: RequestBranch; requestId: string }) {
  const reroute = useReroute();
  if (!branch.ignored || !CAN_PASS.has(branch.ignored.cause) || branch.connection_name === null) return null;
  const send = () => reroute.mutate({ id: requestId, connection_ids: [branch.connection_id], send_anyway: true });
  return (
    <Button
      kind="quiet"
      size="sm"
      isBusy={reroute.isPending}
      title={`Makes 1 event for ${branch.destination_name ?? "its destination"}, past filter and deduplication`}
      onClick={send}
    >
      Send anyway
    </Button>
  );
}
