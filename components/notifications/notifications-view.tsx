"use client";

import { useMutation, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import Link from "next/link";
import { parseAsBoolean, parseAsString, useQueryState } from "nuqs";
import { useState } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { panel, SectionHead, SectionSkeleton } from "#components/settings/section.tsx";
import { Button, LinkButton } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { Notification, NotificationResult } from "#server/contracts/notification.ts";
import { CHANNELS, quietWords } from "./channel-words.ts";
import { LastResult } from "./last-result.tsx";
import { NewChannel } from "./new-channel.tsx";
import { QuietForm } from "./quiet-form.tsx";
import { WhoHears } from "./who-hears.tsx";

const HEAD = {
  title: "Notifications",
  about: (
    <>
      Where word goes. What opens an issue is set under{" "}
      <Link href="/issues?view=rules" prefetch={false} className="underline underline-offset-2">
        Issues, Rules
      </Link>
      .
    </>
  ),
};

export const NotificationsSkeleton = () => <SectionSkeleton {...HEAD} />;

const ASK_AGAIN_MS = 60_000;
/** A test is answered within seconds. */
const AFTER_TEST = { everyMs: 2_000, forMs: 30_000 };

/** What came of telling each last. */
function useResults() {
  const trpc = useTRPC();
  const [testedAtMs, setTestedAt] = useState(0);
  const isTested = () => Date.now() - testedAtMs < AFTER_TEST.forMs;
  const refetchInterval = () => (isTested() ? AFTER_TEST.everyMs : ASK_AGAIN_MS);
  const { data } = useQuery(trpc.notifications.results.queryOptions({}, { refetchInterval }));
  return {
    resultOf: (id: string) => (data ? (data.data.find((one) => one.id === id) ?? null) : undefined),
    tested: () => setTestedAt(Date.now()),
  };
}

/** Who is told of issues, a test of each, and one more. */
export function NotificationsView({ mayWrite }: { mayWrite: boolean }) {
  const trpc = useTRPC();
  const { data } = useSuspenseQuery(trpc.notifications.list.queryOptions({}));
  const [isMaking, setMaking] = useQueryState("new", parseAsBoolean.withDefault(false));
  const { resultOf, tested } = useResults();
  const isFormOpen = mayWrite && isMaking;
  return (
    <>
      <SectionHead
        {...HEAD}
        action={
          mayWrite ? (
            <Button icon="plus" aria-expanded={isFormOpen} onClick={() => setMaking(true)}>
              New channel
            </Button>
          ) : undefined
        }
      />
      {isFormOpen ? <NewChannel close={() => void setMaking(null)} /> : null}
      {data.data.length === 0 ? (
        <EmptyState title="Nobody is told yet">
          A channel hears of issues when they open and when they end. Each message goes out as a delivery, with its
          retries and its evidence, and holds nothing of a payload.
        </EmptyState>
      ) : (
        <>
          <ul className={panel}>
            {data.data.map((one) => (
              <Channel key={one.id} notification={one} result={resultOf(one.id)} mayWrite={mayWrite} tested={tested} />
            ))}
          </ul>
          <WhoHears notifications={data.data} mayWrite={mayWrite} />
        </>
      )}
    </>
  );
}

interface ChannelProps {
  notification: Notification;
  result: NotificationResult | null | undefined;
  mayWrite: boolean;
  /** Hears that a test is on its way. */
  tested: () => void;
}

function Channel({ notification, result, mayWrite, tested }: ChannelProps) {
  const { id, name, channel, to, quiet_hours, paused_at, disabled_at } = notification;
  const trpc = useTRPC();
  const test = useMutation(
    trpc.notifications.test.mutationOptions({
      onSuccess: () => {
        tested();
        showToast({ text: `A test is on its way to ${name}`, kind: "done" });
      },
      onError: (error) => showToast({ text: error.message, kind: "failed" }),
    }),
  );
  const look = channel === null ? { label: "Changed by hand", icon: "link" as const } : CHANNELS[channel];
  const state = disabled_at ? "Disabled" : paused_at ? "Paused" : null;
  const [quietOf, setQuietOf] = useQueryState("quiet", parseAsString);
  const isQuietOpen = mayWrite && quietOf === id;
  return (
    <li className="flex min-h-10 flex-wrap items-center gap-x-3 gap-y-1 border-line border-t px-3.5 py-1.5 first:border-t-0">
      <Icon name={look.icon} size={14} />
      <span className="w-[150px] truncate font-medium max-md:w-auto max-md:flex-1 max-md:basis-3/4" title={name}>
        {name}
      </span>
      <span className="min-w-0 flex-1 text-muted text-xs max-md:basis-full">
        <span className="block truncate" title={to}>
          {look.label} <span className="font-mono text-ink-2">{to}</span>
        </span>
        {quiet_hours ? <span className="block [overflow-wrap:anywhere]">{quietWords(quiet_hours)}</span> : null}
      </span>
      {state ? <span className="text-hold text-xs">{state}</span> : null}
      <LastResult name={name} result={result} />
      {mayWrite && channel !== "pager" ? (
        <Button
          size="sm"
          aria-expanded={isQuietOpen}
          aria-label={`Quiet hours of ${name}`}
          onClick={() => setQuietOf(isQuietOpen ? null : id)}
        >
          Quiet hours
        </Button>
      ) : null}
      {mayWrite ? (
        <Button
          size="sm"
          aria-label={`Send a test to ${name}`}
          isBusy={test.isPending}
          onClick={() => test.mutate({ id })}
        >
          Send a test
        </Button>
      ) : null}
      <LinkButton size="sm" href={`/connections?panel=${id}`} aria-label={`Open ${name} among the connections`}>
        Open
      </LinkButton>
      {isQuietOpen ? <QuietForm notification={notification} close={() => void setQuietOf(null)} /> : null}
    </li>
  );
}
