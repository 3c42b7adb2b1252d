"use client";

import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { spanWords } from "#components/data/span-words.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Facts } from "#components/detail-page/section.tsx";
import { Age } from "#components/lists/age.tsx";
import { DoorVerdict } from "#components/lists/door-verdict.tsx";
import { Checklist } from "#components/request-detail/checklist.tsx";
import { Button, LinkButton } from "#components/ui/button.tsx";
import { cn } from "#components/ui/class-names.ts";
import { useNow } from "#components/ui/clock.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Id } from "#components/ui/id.tsx";
import { Tag } from "#components/ui/tag.tsx";
import type { RequestSummary } from "#server/contracts/request.ts";
import type { VerificationCheck } from "#server/contracts/request-verification.ts";
import { visibleText } from "#server/contracts/visible-text.ts";
import { matchWords } from "./match-words.ts";
import { useSecretUses } from "./use-arrivals.ts";

/** Nothing has come yet. */
export function Waiting({ since, isNow }: { since: number; isNow: boolean }) {
  const waited = useNow(
    useCallback((nowMs: number) => Math.max(0, Math.floor((nowMs - since) / 1000)) * 1000, [since]),
  );
  return (
    <div
      className={cn(
        "flex items-center gap-3 rounded-md border p-3",
        isNow ? "border-accent-solid shadow-[0_0_0_1px_var(--accent-solid)]" : "border-line",
      )}
    >
      <span className="grid size-[18px] shrink-0 place-items-center rounded-full bg-accent-bg" aria-hidden="true">
        <span className="size-2.5 rounded-full bg-accent-solid" />
      </span>
      <div>
        <b role="status" className="block font-medium">
          Waiting for the first webhook
        </b>
        <span className="text-muted text-xs">Listening for {spanWords(waited)}. Tries that fail appear here too.</span>
      </div>
    </div>
  );
}

const box = "grid gap-1.5 rounded-md border px-3 py-2.5";

const Head = ({ request, children }: { request: RequestSummary; children: React.ReactNode }) => (
  <div className="flex items-center gap-2">
    {children}
    {request.event_type === null ? null : (
      <code className="min-w-0 truncate font-mono text-xs">{visibleText(request.event_type)}</code>
    )}
    {request.test === null ? null : <Tag>Test</Tag>}
    <span className="ml-auto shrink-0 text-muted text-xs">
      <Age iso={request.created_at} hasAgo />
    </span>
  </div>
);

/** One that was accepted. */
export const Accepted = ({ request }: { request: RequestSummary }) => {
  const uses = useSecretUses(request.source_id);
  return (
    <div role="status" className={`${box} border-delivered-solid/50`}>
      <Head request={request}>
        <DoorVerdict of={request} />
      </Head>
      <div className="text-xs">
        <Facts
          facts={[
            { name: "Signature", value: matchWords(request, uses) },
            {
              name: "Kept",
              value: (
                <>
                  {formatCount(request.body_bytes)} bytes, <Id id={request.id} what="request id" />
                </>
              ),
            },
          ]}
        />
      </div>
    </div>
  );
};

const BY_CHECK: Record<VerificationCheck["check"], string> = {
  header: "Not signed",
  time: "Signed at another time",
  length: "Not a signature of this kind",
  value: "Signature does not match",
};
const BY_CAUSE: Partial<Record<string, string>> = {
  SOURCE_DISABLED: "The source is disabled",
  METHOD_NOT_ALLOWED: "Method not allowed",
  RATE_LIMITED: "Over the source's limit",
  PAYLOAD_TOO_LARGE: "Body too large",
  BODY_TIMEOUT: "Body too slow",
  UNSUPPORTED_CONTENT_ENCODING: "Encoding not known",
  HANDSHAKE: "Its secret has come",
};

interface RefusedProps {
  request: RequestSummary;
  /** Undefined where the person may not. */
  onNewSecret: (() => void) | undefined;
}

/** One that was refused: the checks, what they make likely, and what to do. */
export function Refused({ request, onNewSecret }: RefusedProps) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.requests.verification.queryOptions({ id: request.id }, { staleTime: 60_000 }));
  const failed = data?.checks.filter(({ outcome }) => outcome === "failed") ?? [];
  const telling = failed.find(({ check }) => check !== "time") ?? failed[0];
  const isHandshake = request.rejection_cause === "HANDSHAKE";
  const title = BY_CAUSE[request.rejection_cause ?? ""] ?? (telling ? BY_CHECK[telling.check] : "Refused");
  return (
    <div role="status" className="grid gap-2">
      <div className={cn(box, isHandshake ? "border-accent-solid" : "border-failed-solid/60")}>
        <Head request={request}>
          <span className={cn("inline-flex items-center gap-1.5 font-medium", !isHandshake && "text-failed")}>
            <Icon name={isHandshake ? "key" : "shield-failed"} />
            {title}
          </span>
        </Head>
        <div className="min-h-24 text-xs">
          {data && data.checks.length > 0 ? <Checklist checks={data.checks} /> : null}
          {data && data.checks.length === 0 && request.rejection_detail !== null ? (
            <p className="[overflow-wrap:anywhere]">{visibleText(request.rejection_detail)}</p>
          ) : null}
        </div>
      </div>
      {data?.conclusion ? (
        <p className="text-ink-2 text-xs [text-wrap:pretty]">
          <b className="font-medium text-ink">Most likely:</b> {data.conclusion}
        </p>
      ) : null}
      <div className="flex flex-wrap gap-2">
        {(telling?.check === "value" || isHandshake) && onNewSecret ? (
          <Button size="sm" kind="primary" onClick={onNewSecret}>
            {isHandshake ? "Paste the secret" : "Paste another secret"}
          </Button>
        ) : null}
        <LinkButton size="sm" kind="quiet" href={`/requests/${request.id}`}>
          See the request
        </LinkButton>
      </div>
    </div>
  );
}
