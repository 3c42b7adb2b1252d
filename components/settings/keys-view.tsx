"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import { parseAsBoolean, useQueryState } from "nuqs";
import { useState } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { afterPage, useAfterPage } from "#components/ui/after-page.ts";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import type { CreatedApiKey } from "#server/contracts/api-key.ts";
import type { Capability } from "#server/contracts/capability.ts";
import { ConnectAgent } from "./connect-agent.tsx";
import { ACTIVE_KEYS } from "./key-lists.ts";
import { KeysTable } from "./keys-table.tsx";
import { RevokedKeys } from "./revoked-keys.tsx";
import { SectionHead, SectionSkeleton } from "./section.tsx";
import { ShownOnce } from "./shown-once.tsx";
import { UnusedKeyHint } from "./unused-key-hint.tsx";

const newKeyForm = afterPage(() => import("./new-key-form.tsx"));

const HEAD = { title: "API keys", about: "Kept as a hash: a key is shown once, when it is made." };

export const KeysSkeleton = () => <SectionSkeleton {...HEAD} />;

export function KeysView({ can, gatewayUrl }: { can: readonly Capability[]; gatewayUrl: string }) {
  const trpc = useTRPC();
  const { data } = useSuspenseQuery(trpc.apiKeys.list.queryOptions(ACTIVE_KEYS));
  const [isMaking, setMaking] = useQueryState("new", parseAsBoolean.withDefault(false));
  const [made, setMade] = useState<CreatedApiKey>();
  const mayManage = can.includes("keys.manage");
  const isFormOpen = mayManage && isMaking;
  const loaded = useAfterPage(newKeyForm);
  const stopMaking = () => setMaking(null);
  const newKey = mayManage ? (
    <Button icon="plus" aria-expanded={isFormOpen} onClick={() => setMaking(true)}>
      New key
    </Button>
  ) : undefined;

  return (
    <>
      <SectionHead
        {...HEAD}
        about={mayManage ? HEAD.about : `${HEAD.about} Making and revoking them needs an admin of the team.`}
        action={newKey}
      />
      {isFormOpen && loaded ? (
        <loaded.NewKeyForm
          can={can}
          onCancel={stopMaking}
          onMade={(key) => {
            setMade(key);
            void stopMaking();
          }}
        />
      ) : null}
      {made ? (
        <ShownOnce
          key={made.id}
          title={<>{made.name} was made. Copy it now: it cannot be shown again.</>}
          note={made.scope === "read" ? "Read" : "Write"}
          secret={made.key}
          tryIt={
            <>
              Try it:{" "}
              <code className="font-mono text-[11.5px] text-ink-2">
                curl -H &quot;Authorization: Bearer $KEY&quot; {location.origin}/v1/events?limit=1
              </code>
            </>
          }
          onDone={() => setMade(undefined)}
        />
      ) : null}
      {data.data.length === 0 ? (
        <EmptyState title="No API key yet">
          A key is for scripts, CI and other services. {mayManage ? "Make one with New key." : "An admin makes one."}
        </EmptyState>
      ) : (
        <KeysTable keys={data.data} mayRevoke={mayManage} />
      )}
      {data.pagination.next ? (
        <p className="mt-2 text-muted text-xs">These are the newest {ACTIVE_KEYS.limit}; the API lists older ones.</p>
      ) : null}
      {mayManage ? <UnusedKeyHint keys={data.data} /> : null}
      <RevokedKeys />
      <ConnectAgent gatewayUrl={gatewayUrl} />
    </>
  );
}
