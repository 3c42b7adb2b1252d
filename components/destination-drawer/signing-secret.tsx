"use client";

import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { useMay } from "#components/data/may.tsx";
import { useTRPC, useTRPCClient } from "#components/data/trpc-provider.tsx";
import { sayFailed } from "#components/graph-drawer/act.ts";
import { AskFirst } from "#components/settings/ask-first.tsx";
import { ShownOnce } from "#components/settings/shown-once.tsx";
import { Button } from "#components/ui/button.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { Destination } from "#server/contracts/destination.ts";
import { useDestinationActs } from "./use-destination.ts";

const maskedAt = ({ config }: Destination, name: string) => {
  const value = "auth" in config ? config.auth[name] : undefined;
  return typeof value === "string" ? value : undefined;
};

/** A signing secret with the one before it while both are valid, and the ways to the next. */
export function SigningSecret({ destination }: { destination: Destination }) {
  const { id, name, updated_at: if_updated_at } = destination;
  const [asked, setAsked] = useState<"rotate" | "end">();
  const [made, setMade] = useState<string>();
  const [mayRotate, mayEnd] = [useMay("secrets.rotate"), useMay("destination.write")];
  const { destinations: api } = useTRPCClient();
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const { take } = useDestinationActs(destination);
  const previous = maskedAt(destination, "previous_secret");
  const rotate = async () => {
    const { secret } = await api.rotateSecret.mutate({ id, if_updated_at });
    if (secret !== null) setMade(secret);
    take(await queryClient.fetchQuery(trpc.destinations.get.queryOptions({ id }, { staleTime: 0 })));
  };
  const end = async () => {
    take(await api.update.mutate({ id, config: { auth: { previous_secret: null } }, if_updated_at }));
    showToast({ kind: "done", text: `Deliveries to ${name} carry the present signature alone.` });
  };
  const run = async () => {
    try {
      await (asked === "rotate" ? rotate() : end());
    } catch (error) {
      sayFailed(error);
      throw error;
    }
  };
  return (
    <div className="grid gap-1.5">
      <p className="font-medium text-ink-2 text-xs">Signing secret</p>
      {made ? (
        <ShownOnce
          title="Copy the new secret now: it cannot be shown again."
          secret={made}
          tryIt="Deliveries carry both signatures until the previous secret is ended."
          onDone={() => setMade(undefined)}
        />
      ) : null}
      <SecretLine masked={maskedAt(destination, "signing_secret") ?? ""} note="current">
        {mayRotate ? (
          <Button size="sm" onClick={() => setAsked("rotate")}>
            Rotate…
          </Button>
        ) : null}
      </SecretLine>
      {previous === undefined ? null : (
        <SecretLine masked={previous} note="previous, still valid">
          {mayEnd ? (
            <Button size="sm" onClick={() => setAsked("end")}>
              End now…
            </Button>
          ) : null}
        </SecretLine>
      )}
      <AskFirst
        isOpen={asked !== undefined}
        onOpenChange={(isOpen) => isOpen || setAsked(undefined)}
        title={asked === "end" ? `End the previous secret of ${name}?` : `Rotate the secret of ${name}?`}
        affects={
          asked === "end"
            ? "A receiver that still checks the previous secret will refuse what comes from then on."
            : `A new secret is made and shown once. Deliveries carry both signatures until you end the previous one.${previous === undefined ? "" : " The secret that is the previous one now ends at once."}`
        }
        confirmLabel={asked === "end" ? "End it" : "Rotate the secret"}
        onConfirm={run}
      />
    </div>
  );
}

const SecretLine = ({ masked, note, children }: { masked: string; note: string; children: ReactNode }) => (
  <div className="flex min-h-8 items-center gap-2 rounded-md border border-line bg-inset py-1 pr-1 pl-2">
    <span className="min-w-0 flex-1 truncate font-mono text-xs">{masked}</span>
    <span className="text-muted text-xs">{note}</span>
    {children}
  </div>
);
