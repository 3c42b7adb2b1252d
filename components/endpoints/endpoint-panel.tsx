"use client";

import { type ReactNode, useCallback, useState } from "react";
import { useMay } from "#components/data/may.tsx";
import { Button, IconButton, LinkButton } from "#components/ui/button.tsx";
import { useNow } from "#components/ui/clock.tsx";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { ErrorState } from "#components/ui/empty-state.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Id } from "#components/ui/id.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { Endpoint } from "#server/contracts/endpoint.ts";
import { callOf, shownUrl, titleOf } from "./endpoint-words.ts";
import { StateWord } from "./endpoints-table.tsx";
import { LeaseLine } from "./lease-line.tsx";
import { LeaseLeft } from "./lease-ring.tsx";
import { leaseSentence, lengthWords } from "./lease-words.ts";
import { useEndpoint } from "./use-endpoints.ts";

type Acts = ReturnType<typeof useEndpoint>;

/** One endpoint: its lease, the call that made it, and the ways to keep or remove it. */
export function EndpointPanel({ id, close }: { id: string; close: () => void }) {
  const acts = useEndpoint(id);
  const { data, error, refetch } = acts.query;
  return (
    <>
      <header className="grid shrink-0 gap-1 border-line border-b py-2.5 pr-3 pl-6 max-md:pl-4">
        <div className="flex items-center gap-2">
          <h2 className="min-w-0 truncate font-mono font-semibold">{data ? titleOf(data) : "Endpoint"}</h2>
          <IconButton icon="close" size="sm" label="Close the panel" onClick={close} className="ml-auto" />
        </div>
        <div className="flex items-center gap-2 text-muted text-xs">
          <span className="min-w-0 truncate font-mono" title={data?.url}>
            {data ? shownUrl(data.url) : ""}
          </span>
          <span className="ml-auto shrink-0">
            <Id id={id} what="id of the endpoint" />
          </span>
        </div>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto pb-6">
        {error && !data ? (
          <div className="p-4">
            <ErrorState
              title="This endpoint is not there"
              actions={<Button onClick={() => refetch()}>Try again</Button>}
            >
              {error.message} It may have been removed: the list says what is gone.
            </ErrorState>
          </div>
        ) : null}
        {data ? <Whole endpoint={data} acts={acts} close={close} /> : error ? null : <Waiting />}
      </div>
    </>
  );
}

const Waiting = () => (
  <div className="grid gap-4 p-6">
    <Skeleton className="h-8 w-40" />
    <Skeleton className="h-7 w-full" />
    <Skeleton className="h-24 w-full" />
  </div>
);

const Section = ({ children }: { children: ReactNode }) => (
  <section className="border-line border-b px-6 py-4 max-md:px-4">{children}</section>
);

function Whole({ endpoint, acts, close }: { endpoint: Endpoint; acts: Acts; close: () => void }) {
  const mayWrite = useMay("connection.write");
  return (
    <>
      {endpoint.verification && endpoint.verification.state !== "confirmed" ? (
        <Challenge endpoint={endpoint} acts={acts} />
      ) : null}
      {endpoint.ttl !== null && endpoint.lease_until !== null ? (
        <LeaseSection endpoint={endpoint} acts={acts} ttl={endpoint.ttl} leaseUntil={endpoint.lease_until} />
      ) : null}
      <Section>
        <div className="flex items-center gap-2">
          <h3 className="font-semibold">Registered with</h3>
          <span className="ml-auto">
            <CopyButton text={callOf(endpoint)} what="the call" />
          </span>
        </div>
        <pre className="mt-2 whitespace-pre-wrap rounded-md bg-inset px-3 py-2.5 font-mono text-xs leading-5 [overflow-wrap:anywhere]">
          {callOf(endpoint)}
        </pre>
        <Facts endpoint={endpoint} />
      </Section>
      {mayWrite ? <Ends endpoint={endpoint} acts={acts} close={close} /> : null}
    </>
  );
}

function Challenge({ endpoint: { id, verification }, acts }: { endpoint: Endpoint; acts: Acts }) {
  const mayAsk = useMay("destination.write");
  return (
    <Section>
      <p className="font-medium text-hold">Not verified: its events are held</p>
      <p className="mt-1 text-muted text-xs">
        {verification?.detail ?? "It has not been asked at this URL yet."} The URL has to answer a POST with the
        challenge that it holds; then everything that waits is sent.
      </p>
      {mayAsk ? (
        <Button className="mt-2.5" isBusy={acts.verify.isPending} onClick={() => acts.verify.mutate({ id })}>
          Ask again
        </Button>
      ) : null}
    </Section>
  );
}

interface LeaseSectionProps {
  endpoint: Endpoint;
  acts: Acts;
  ttl: number;
  leaseUntil: string;
}

function LeaseSection({ endpoint, acts, ttl, leaseUntil }: LeaseSectionProps) {
  const mayRenew = useMay("connection.write");
  const { id, renewed_at, waiting_count, removed_at } = endpoint;
  const sentence = useNow(
    useCallback(
      (nowMs: number) => leaseSentence({ ttl, renewed_at, waiting_count, removed_at }, nowMs),
      [ttl, renewed_at, waiting_count, removed_at],
    ),
  );
  return (
    <Section>
      <div className="flex flex-wrap items-center gap-2">
        <span className="text-xl">
          <LeaseLeft ttl={ttl} leaseUntil={leaseUntil} removedAt={removed_at} />
        </span>
        {mayRenew ? (
          <Button
            icon="retrying"
            className="ml-auto"
            isBusy={acts.renew.isPending}
            onClick={() => acts.renew.mutate({ id })}
          >
            Renew for {lengthWords(ttl * 1_000)}
          </Button>
        ) : null}
      </div>
      <LeaseLine ttl={ttl} leaseUntil={leaseUntil} renewedAt={renewed_at} />
      <p className="mt-2 text-muted text-xs">{sentence}</p>
    </Section>
  );
}

const MAKERS: Record<string, string> = { api_key: "key", user: "", system: "the product" };

function Facts({ endpoint }: { endpoint: Endpoint }) {
  const { made_by_kind, made_by_name, made_by_id, created_at, key_last_four, connections, is_of_every_source } =
    endpoint;
  const sources = `${formatCount(connections.length)} ${connections.length === 1 ? "source" : "sources"}`;
  return (
    <dl className="mt-3 grid gap-1.5">
      <Fact name="By">
        {[MAKERS[made_by_kind], made_by_kind === "system" ? "" : (made_by_name ?? made_by_id)]
          .filter(Boolean)
          .join(" ")}
        , <RelativeTime iso={created_at} />
      </Fact>
      <Fact name="Key">
        {key_last_four === null ? "none" : <span className="font-mono text-xs">sy_…{key_last_four}</span>}
      </Fact>
      <Fact name="Takes">{is_of_every_source ? `every source, ${formatCount(connections.length)} now` : sources}</Fact>
      <Fact name="State">
        <StateWord endpoint={endpoint} />
      </Fact>
      <Fact name="Renewed">{endpoint.renewals === 1 ? "once" : `${formatCount(endpoint.renewals)} times`}</Fact>
    </dl>
  );
}

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="grid grid-cols-[76px_minmax(0,1fr)]">
    <dt className="text-muted">{name}</dt>
    <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
  </div>
);

function Ends({ endpoint, acts, close }: { endpoint: Endpoint; acts: Acts; close: () => void }) {
  const [isAsking, setAsking] = useState(false);
  const mayDelete = useMay("resources.delete");
  const { id, name, ttl, paused, updated_at, waiting_count } = endpoint;
  const update = (change: { ttl?: null; paused?: boolean }) =>
    acts.update.mutate({ id, if_updated_at: updated_at, ...change });
  const affects =
    waiting_count === 0
      ? "Nothing waits for it. Its history stays."
      : `${formatCount(waiting_count)} ${waiting_count === 1 ? "event that waits is" : "events that wait are"} cancelled. Its history stays.`;
  return (
    <Section>
      {ttl === null ? null : (
        <p className="mb-2.5 text-muted text-xs">Keep it without a lease: it stays until somebody removes it.</p>
      )}
      <div className="flex flex-wrap gap-2 max-md:[&>*]:flex-1">
        {ttl === null ? null : <Button onClick={() => update({ ttl: null })}>Keep it</Button>}
        <Button icon={paused ? "play" : "pause"} onClick={() => update({ paused: !paused })}>
          {paused ? "Resume" : "Pause"}
        </Button>
        <LinkButton href={`/connections?panel=${id}`}>Settings</LinkButton>
        <LinkButton href={`/events?destination_id=${id}`}>Events</LinkButton>
        {mayDelete ? (
          <Button kind="danger" onClick={() => setAsking(true)}>
            Remove…
          </Button>
        ) : null}
      </div>
      <ConfirmDialog
        isOpen={isAsking}
        onOpenChange={setAsking}
        title={`Remove ${name}?`}
        affects={affects}
        confirmLabel={waiting_count === 0 ? "Remove it" : `Remove it, cancel ${formatCount(waiting_count)}`}
        onConfirm={async () => {
          await acts.remove.mutateAsync({ id });
          close();
        }}
      />
    </Section>
  );
}
