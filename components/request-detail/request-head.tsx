import type { ReactNode } from "react";
import { DetailTitle, type Variant } from "#components/detail-page/detail-frame.tsx";
import { Age } from "#components/lists/age.tsx";
import { LinkButton } from "#components/ui/button.tsx";
import { Icon } from "#components/ui/icon.tsx";
import type { IconName } from "#components/ui/icons.tsx";
import { Id } from "#components/ui/id.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { Tile } from "#components/ui/tile.tsx";
import type { RequestDetail } from "#server/contracts/request.ts";
import { visibleText } from "#server/contracts/visible-text.ts";
import { Erased } from "./erased.tsx";

interface Verdict {
  word: string;
  icon: IconName;
  look: string;
}

const GOOD = "bg-delivered-bg text-delivered";

function verdictOf({ status, verification, rejection_cause }: RequestDetail): Verdict {
  if (rejection_cause === "HANDSHAKE")
    return { word: "Handshake", icon: "key", look: "bg-cancelled-bg text-cancelled" };
  if (status === "rejected") return { word: "Rejected", icon: "shield-failed", look: "bg-failed-bg text-failed" };
  if (verification === "verified") return { word: "Accepted, verified", icon: "shield", look: GOOD };
  if (verification === "authenticated") return { word: "Accepted, by token", icon: "key", look: GOOD };
  return { word: "Accepted", icon: "check", look: "bg-cancelled-bg text-cancelled" };
}

/** The door's verdict and the event's type, the source and the id. */
export function RequestHead({
  request,
  variant,
  controls,
}: {
  request: RequestDetail;
  variant: Variant;
  controls: ReactNode;
}) {
  const { word, icon, look } = verdictOf(request);
  return (
    <>
      <div className="flex min-h-6 items-center gap-2">
        <span
          className={`inline-flex h-[22px] shrink-0 items-center gap-[5px] whitespace-nowrap rounded-sm pr-2 pl-1.5 font-medium text-xs leading-none ${look}`}
        >
          <Icon name={icon} size={14} />
          {word}
        </span>
        <DetailTitle variant={variant}>
          {request.event_type === null ? "no event type" : visibleText(request.event_type)}
        </DetailTitle>
        {request.test === null ? null : <Tag>Test</Tag>}
        {controls}
      </div>
      <div className="mt-1.5 flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="flex min-w-0 items-center gap-1.5">
          <Tile type={request.source_type ?? "?"} size="sm" />
          <span>{request.source_name ?? request.source_id}</span>
          <Age iso={request.created_at} hasAgo />
        </span>
        <span className="md:ml-auto">
          <Id id={request.id} what="request id" />
        </span>
      </div>
      {request.masks.length === 0 ? null : (
        <p className="mt-1.5 wrap-anywhere text-muted text-xs">Masked: {request.masks.join(", ")}</p>
      )}
      {request.erased_at === null ? null : <Erased at={request.erased_at} />}
      {request.status === "rejected" ? (
        <div className="mt-2.5 flex items-center gap-3 text-muted text-xs max-md:flex-col max-md:items-stretch">
          {request.source_name === null ? null : (
            <LinkButton href={`/connections?panel=${request.source_id}&tab=settings`}>Open source settings</LinkButton>
          )}
          <p>
            {request.rejection_cause === "HANDSHAKE"
              ? "Nothing to retry: it was answered, and makes no event."
              : "Nothing to retry: a rejected request makes no event. Its sender has to send it again."}
          </p>
        </div>
      ) : null}
    </>
  );
}
