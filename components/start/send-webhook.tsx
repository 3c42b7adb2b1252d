"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import Link from "next/link";
import { useCallback } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { CodeText } from "#components/docs/code-text.tsx";
import { DoorVerdict } from "#components/lists/door-verdict.tsx";
import { Button } from "#components/ui/button.tsx";
import { useNow, useServerNow } from "#components/ui/clock.tsx";
import { FormError } from "#components/ui/form-error.tsx";
import { useCopy } from "#components/ui/use-copy.ts";
import type { RequestSummary } from "#server/contracts/request.ts";
import type { Source } from "#server/contracts/source.ts";
import { withSecret } from "./generated-secret.ts";
import { Step, type StepState } from "./step.tsx";

interface SendWebhookProps {
  source: Source | undefined;
  /** What the source was made with, where that was here. */
  secret: string | undefined;
  latest: RequestSummary | undefined;
  state: StepState;
  onSent(): void;
}

/** The second step: a command that sends a webhook as the producer would, and the wait for it. */
export function SendWebhook({ source, secret, latest, state, onSent }: SendWebhookProps) {
  return (
    <Step number={2} title="Send a first webhook" state={state}>
      {source ? (
        <>
          <p className="text-muted">Paste this into a terminal, or point the provider at the URL.</p>
          <Command source={source} secret={secret} onSent={onSent} />
          {state === "now" ? <Waiting latest={latest} /> : null}
        </>
      ) : (
        <p className="text-muted">
          The command with your source's own address appears here as soon as the source exists.
        </p>
      )}
    </Step>
  );
}

function Command({ source, secret, onSent }: { source: Source; secret: string | undefined; onSent(): void }) {
  const trpc = useTRPC();
  const { data: example } = useQuery(trpc.sources.example.queryOptions({ id: source.id }));
  const test = useMutation(trpc.sources.test.mutationOptions({ onSuccess: onSent }));
  const command = example?.command ? withSecret(example.command, example.secret_variable, secret) : "";
  const { isCopied, copy } = useCopy(command);
  const lacksSecret = example?.secret_variable != null && secret === undefined;
  return (
    <>
      <div className="rounded-md bg-inset">
        {/* A command wider than its box is scrolled, which a keyboard must be able to do too. */}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs focus to be scrolled by keys */}
        <pre tabIndex={0} className="min-h-[78px] overflow-x-auto px-3 pt-2.5 font-mono text-xs leading-[19px]">
          {example && !example.command ? example.missing_because : <CodeText text={command} />}
        </pre>
        <div className="flex flex-wrap justify-end gap-2 p-1.5">
          <Button
            size="sm"
            kind="quiet"
            icon="arrow"
            isBusy={test.isPending}
            onClick={() => test.mutate({ id: source.id, route: true })}
          >
            Send one from here
          </Button>
          <Button size="sm" icon={isCopied ? "check" : "copy"} disabled={command === ""} onClick={copy}>
            {isCopied ? "Copied" : "Copy"}
          </Button>
        </div>
      </div>
      {lacksSecret ? (
        <p className="text-muted text-xs">
          Put the source's secret into <code className="font-mono text-ink">{example?.secret_variable}</code> first: it
          is shown to nobody again.
        </p>
      ) : null}
      <FormError>{test.error?.message ?? refusalOf(test.data?.answer)}</FormError>
    </>
  );
}

/** What a test from here says where no gateway took it. */
const refusalOf = (answer: { outcome: string; detail: string } | undefined) =>
  answer === undefined || answer.outcome === "accepted" ? undefined : answer.detail;

/** `12 s`, `1 min 12 s`. */
function waitedWords(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const rest = `${seconds % 60} s`;
  return seconds < 60 ? rest : `${Math.floor(seconds / 60)} min ${rest}`;
}

function Waiting({ latest }: { latest: RequestSummary | undefined }) {
  const since = useServerNow();
  const waited = useNow(useCallback((nowMs: number) => waitedWords(nowMs - since), [since]));
  return (
    <div className="flex items-center gap-3">
      <span
        aria-hidden="true"
        className="mx-1 size-2.5 shrink-0 rounded-full bg-accent-solid shadow-[0_0_0_4px_var(--accent-bg),0_0_0_5px_color-mix(in_oklab,var(--accent-solid)_40%,transparent)]"
      />
      <div className="min-w-0">
        <p role="status" className="font-medium">
          Waiting for your first webhook
        </p>
        <p className="text-muted text-xs">Listening for {waited}. Rejected tries appear here too.</p>
        {latest?.status === "rejected" ? (
          <p className="mt-1 text-xs">
            <DoorVerdict of={latest} />{" "}
            <Link href={`/requests/${latest.id}`} prefetch={false} className="underline underline-offset-2">
              See why
            </Link>
          </p>
        ) : null}
      </div>
    </div>
  );
}
