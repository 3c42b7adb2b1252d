"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Facts, Section } from "#components/detail-page/section.tsx";
import { formatBytes } from "#components/lists/format-bytes.ts";
import { isBodyUnread } from "#components/lists/unread-body.ts";
import { cn } from "#components/ui/class-names.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { formatExact } from "#components/ui/format.ts";
import type { RequestDetail } from "#server/contracts/request.ts";
import { visibleText } from "#server/contracts/visible-text.ts";
import { Checklist } from "./checklist.tsx";

const ANSWERS: Record<string, string> = {
  SOURCE_DISABLED: "answered 403",
  METHOD_NOT_ALLOWED: "answered 405",
  RATE_LIMITED: "answered 429",
  VERIFICATION_FAILED: "answered 401",
  TIMESTAMP_OUT_OF_TOLERANCE: "answered 401",
  PAYLOAD_TOO_LARGE: "answered 413",
  BODY_TIMEOUT: "answered 408",
  UNSUPPORTED_CONTENT_ENCODING: "answered 415",
  HANDSHAKE: "answered as its provider expects",
};

/** What the door decided about the sender, by which evidence, and what else it knows of the request. */
export function VerificationSection({ request }: { request: RequestDetail }) {
  const trpc = useTRPC();
  const { data } = useQuery(
    trpc.requests.verification.queryOptions({ id: request.id }, { staleTime: 60_000, retry: false }),
  );
  const isRejected = request.status === "rejected";
  const cause = request.rejection_cause;
  const isHandshake = cause === "HANDSHAKE";
  return (
    <>
      <Section title={isHandshake ? "What it is" : isRejected ? "Why it was rejected" : "Verification"}>
        {isRejected && cause !== null ? (
          <p className="mb-1">
            <span className={cn("font-medium font-mono text-xs", !isHandshake && "text-failed")}>{cause}</span>
            {ANSWERS[cause] ? `, ${ANSWERS[cause]}` : ""}
          </p>
        ) : null}
        {request.rejection_detail === null ? null : (
          <p className="mb-1.5 [overflow-wrap:anywhere]">{visibleText(request.rejection_detail)}</p>
        )}
        {data && data.checks.length > 0 ? <Checklist checks={data.checks} /> : null}
        {data && data.checks.length === 0 ? <p className="text-muted">{notChecked(request, data.auth_type)}</p> : null}
        {data?.conclusion ? (
          <p className="mt-2 [text-wrap:pretty]">
            <span className="font-medium">Most likely:</span> {data.conclusion}
          </p>
        ) : null}
      </Section>
      <Section title="Facts">
        <Facts
          facts={[
            { name: "Received", value: formatExact(request.created_at) },
            {
              name: "From",
              value:
                request.erased_at === null ? (
                  <span className="font-mono text-xs">{request.remote_ip || "–"}</span>
                ) : (
                  <span className="text-muted">erased</span>
                ),
            },
            ...(request.provider_event_id === null
              ? []
              : [{ name: "Provider's id", value: <ProviderId id={request.provider_event_id} /> }]),
            ...(request.occurred_at === null ? [] : [{ name: "Happened", value: formatExact(request.occurred_at) }]),
            ...(request.resource_id === null
              ? []
              : [{ name: "About", value: <ProviderId id={request.resource_id} /> }]),
            ...(request.duplicate_of === null
              ? []
              : [{ name: "Seen before", value: <SeenBefore id={request.duplicate_of} /> }]),
            {
              name: "Body",
              value: isBodyUnread(request) ? "not read" : bytesInWords(request.body_bytes),
            },
          ]}
        />
      </Section>
    </>
  );
}

const bytesInWords = (bytes: number) =>
  `${bytes.toLocaleString("en-US")} bytes${bytes < 1000 ? "" : ` (${formatBytes(bytes)})`}`;

function notChecked(request: RequestDetail, authType: string | null): string {
  const { verification, verified_with, status, rejection_cause } = request;
  if (authType === null) return "Its source was deleted, so its settings are not known any more.";
  if (verification === "authenticated" && verified_with === null)
    return "It was published by the API, with an API key.";
  if (verification !== "unattempted") return "";
  if (rejection_cause === "HANDSHAKE") return "";
  if (status === "rejected") return "The sender was not looked at: another check came first.";
  return authType === "NONE" ? "The source asks for no proof: anybody who knows its URL can send." : "";
}

const ProviderId = ({ id }: { id: string }) => (
  <span className="inline-flex items-center gap-1 font-mono text-xs">
    {visibleText(id)}
    <CopyButton text={id} what="provider's id" />
  </span>
);

const SeenBefore = ({ id }: { id: string }) => (
  <>
    as{" "}
    <Link
      href={`/requests/${id}`}
      prefetch={false}
      className="font-mono text-xs underline decoration-line underline-offset-4 hover:decoration-current"
    >
      {id}
    </Link>
  </>
);
