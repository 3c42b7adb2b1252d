"use client";

import { useQuery } from "@tanstack/react-query";
import { useMay } from "#components/data/may.tsx";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { usePart } from "#components/detail-page/use-detail-url.ts";
import { DrawerOf, ResourceDrawer } from "#components/graph-drawer/resource-drawer.tsx";
import { rateMinutes } from "#components/live/live-state.ts";
import { useLiveState } from "#components/live/use-live.ts";
import { useNow } from "#components/ui/clock.tsx";
import type { Source } from "#server/contracts/source.ts";
import { ActivityTab } from "./activity-tab.tsx";
import { previousOf, secretFieldOf } from "./auth-fields.ts";
import { SecretsTab } from "./secrets-tab.tsx";
import { SettingsTab } from "./settings-tab.tsx";
import { ConnectIt, SetupTab } from "./setup-tab.tsx";
import { FIELDS, labelOf, textOf } from "./source-fields.ts";
import { SourceHead } from "./source-head.tsx";
import { kindOfSource } from "./source-kinds.ts";
import { useSourceActs, useSourceForm } from "./use-source.ts";

const TABS = ["settings", "secrets", "setup", "activity"] as const;

/** One source: its settings, its secrets, how it is set up and tried, and what comes in. */
export function SourceDrawer({ id }: { id: string }) {
  const query = useQuery(useTRPC().sources.get.queryOptions({ id }));
  return (
    <DrawerOf what="source" query={query}>
      {(source) => <Loaded source={source} />}
    </DrawerOf>
  );
}

function secretCount({ config }: Source): number {
  const field = secretFieldOf(config.auth_type);
  if (!field || config.auth[field.name] === undefined) return 0;
  return config.auth[previousOf(field.name)] === undefined ? 1 : 2;
}

function Loaded({ source }: { source: Source }) {
  const [tab, setTab] = usePart("tab", TABS);
  const mayWrite = useMay("source.write");
  const acts = useSourceActs(source);
  const form = useSourceForm(source);
  const perMinute = (useLiveState("rates")?.[source.id]?.accepted_count ?? 0) / useNow(rateMinutes);
  const secrets = secretCount(source);
  const settings = (
    <SettingsTab source={source} acts={acts} perMinute={perMinute} onSecrets={() => setTab("secrets")} />
  );
  return (
    <ResourceDrawer
      name={source.name}
      rename={mayWrite ? acts.rename : undefined}
      head={<SourceHead source={source} hasUrl={tab !== "setup"} />}
      form={form}
      errors={form.errors(FIELDS)}
      labelOf={labelOf}
      textOf={textOf}
      saveNote={tab === "settings" && mayWrite ? "Holds on every gateway within a second." : undefined}
      footer={tab === "setup" ? <ConnectIt sourceId={source.id} kind={kindOfSource(source)} /> : undefined}
      label="Parts of the source"
      value={tab}
      onChange={setTab}
      tabs={[
        { value: "settings", label: "Settings", content: settings },
        {
          value: "secrets",
          label: "Secrets",
          ...(secrets > 0 ? { count: String(secrets) } : {}),
          content: <SecretsTab source={source} />,
        },
        { value: "setup", label: "Set up", content: <SetupTab source={source} /> },
        { value: "activity", label: "Activity", content: <ActivityTab source={source} /> },
      ]}
    />
  );
}
