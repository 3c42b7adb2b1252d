"use client";

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { usePart } from "#components/detail-page/use-detail-url.ts";
import { DrawerFailed, DrawerLoading } from "#components/graph-drawer/drawer-states.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { cn } from "#components/ui/class-names.ts";
import { DrawerContent } from "#components/ui/drawer.tsx";
import { Icon } from "#components/ui/icon.tsx";
import type { IconName } from "#components/ui/icons.tsx";
import { Id } from "#components/ui/id.tsx";
import { Tabs } from "#components/ui/tabs.tsx";
import { Tile } from "#components/ui/tile.tsx";
import type { Source } from "#server/contracts/source.ts";
import { ActivityTab } from "./activity-tab.tsx";
import { previousOf, secretFieldOf } from "./auth-fields.ts";
import { LastSeen } from "./last-seen.tsx";
import { SecretsTab } from "./secrets-tab.tsx";
import { ConnectIt, SetupTab } from "./setup-tab.tsx";
import { kindOfSource } from "./source-kinds.ts";
import { DeleteQuestion, DuplicateForm, SourceMenu } from "./source-menu.tsx";
import { UrlRow } from "./url-row.tsx";

const TABS = ["settings", "secrets", "setup", "activity"] as const;

/** One source: its settings, its secrets, how it is set up and tried, and what comes in. */
export function SourceDrawer({ id }: { id: string }) {
  const { data: source, error, refetch } = useQuery(useTRPC().sources.get.queryOptions({ id }));
  if (error) return <DrawerFailed what="source" error={error} retry={refetch} />;
  if (!source) return <DrawerLoading what="source" />;
  return <OpenSource source={source} />;
}

function OpenSource({ source }: { source: Source }) {
  const [tab, setTab] = usePart("tab", TABS);
  const [asked, setAsked] = useState<"duplicate" | "delete">();
  const field = secretFieldOf(source.config.auth_type);
  const secrets = field === undefined ? 0 : source.config.auth[previousOf(field.name)] === undefined ? 1 : 2;
  return (
    <>
      <DrawerContent
        title={source.name}
        actions={
          <SourceMenu source={source} onDuplicate={() => setAsked("duplicate")} onDelete={() => setAsked("delete")} />
        }
        head={<Head source={source} hasUrl={tab !== "setup"} />}
        {...(tab === "setup" ? { footer: <ConnectIt sourceId={source.id} kind={kindOfSource(source)} /> } : {})}
      >
        {asked === "duplicate" ? <DuplicateForm source={source} onCancel={() => setAsked(undefined)} /> : null}
        <Tabs
          label="Parts of the source"
          value={tab}
          onChange={setTab}
          tabs={[
            { value: "settings", label: "Settings", content: <p /> },
            {
              value: "secrets",
              label: "Secrets",
              ...(secrets === 0 ? {} : { count: String(secrets) }),
              content: <SecretsTab source={source} />,
            },
            { value: "setup", label: "Set up", content: <SetupTab source={source} /> },
            { value: "activity", label: "Activity", content: <ActivityTab source={source} /> },
          ]}
        />
      </DrawerContent>
      <DeleteQuestion
        source={source}
        isOpen={asked === "delete"}
        onOpenChange={(isOpen) => isOpen || setAsked(undefined)}
      />
    </>
  );
}

function stateOf({ disabled_at, unusable_because, config }: Source): { icon: IconName; look: string; word: string } {
  if (unusable_because !== null) return { icon: "warning", look: "text-failed", word: "Not usable" };
  if (disabled_at !== null) return { icon: "cancelled", look: "text-cancelled", word: "Disabled" };
  if (config.auth_type === "NONE") return { icon: "warning", look: "text-hold", word: "Not verified" };
  return { icon: "shield", look: "text-delivered", word: "Verifies" };
}

/** Under the name: who sends, whether senders are proved, the URL, and when something came last. */
function Head({ source, hasUrl }: { source: Source; hasUrl: boolean }) {
  const kind = kindOfSource(source);
  const { icon, look, word } = stateOf(source);
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <div className="flex items-center gap-2">
        <Tile type={kind.key} size="sm" />
        <span className="truncate">{kind.title}</span>
        <span className={cn("inline-flex items-center gap-1 whitespace-nowrap font-medium", look)}>
          <Icon name={icon} size={14} />
          {word}
        </span>
        <span className="ml-auto">
          <Id id={source.id} what="source id" />
        </span>
      </div>
      {hasUrl ? <UrlRow url={source.url} /> : null}
      <LastSeen source={source} />
      {source.unusable_because === null ? null : <Banner kind="failed">{source.unusable_because}</Banner>}
    </div>
  );
}
