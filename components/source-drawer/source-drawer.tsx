"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { usePart } from "#components/detail-page/use-detail-url.ts";
import { DrawerFailed, DrawerLoading } from "#components/graph-drawer/drawer-states.tsx";
import { DrawerTitle } from "#components/graph-drawer/drawer-title.tsx";
import { useMay } from "#components/graph-drawer/may.tsx";
import { useLiveState } from "#components/live/use-live.ts";
import { ConflictPanel } from "#components/resource-form/conflict-panel.tsx";
import { FormContext } from "#components/resource-form/form-context.ts";
import { SaveBar } from "#components/resource-form/save-bar.tsx";
import { onSaveKey } from "#components/resource-form/save-keys.ts";
import { DrawerContent } from "#components/ui/drawer.tsx";
import { Tabs } from "#components/ui/tabs.tsx";
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
/** Rates are of the running and the last whole minute together. */
const RATE_MINUTES = 2;

/** One source: its settings, its secrets, how it is set up and tried, and what comes in. */
export function SourceDrawer({ id }: { id: string }) {
  const { data: source, error, refetch } = useQuery(useTRPC().sources.get.queryOptions({ id }));
  if (!source) {
    return error ? <DrawerFailed what="source" error={error} retry={refetch} /> : <DrawerLoading what="source" />;
  }
  return <Loaded source={source} />;
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
  const perMinute = (useLiveState("rates")?.[source.id]?.accepted_count ?? 0) / RATE_MINUTES;
  const secrets = secretCount(source);
  const save = () => void form.save();
  const settings = (
    <SettingsTab source={source} acts={acts} perMinute={perMinute} onSecrets={() => setTab("secrets")} />
  );
  return (
    <DrawerContent
      title={<DrawerTitle name={source.name} rename={mayWrite ? acts.rename : undefined} />}
      head={<SourceHead source={source} hasUrl={tab !== "setup"} />}
      footer={
        tab === "setup" ? (
          <ConnectIt sourceId={source.id} kind={kindOfSource(source)} />
        ) : tab === "settings" && mayWrite ? (
          <SaveBar form={form} onSave={save} note="Holds on every gateway within a second." />
        ) : undefined
      }
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it hears the key of the form's own button */}
      <div onKeyDown={onSaveKey(save)}>
        {form.conflict ? (
          <ConflictPanel
            since={form.conflict.since}
            meanwhile={form.meanwhile}
            labelOf={labelOf}
            textOf={textOf}
            isBusy={form.isBusy}
            onSettle={(dropped) => void form.settle(dropped)}
          />
        ) : null}
        <FormContext value={{ values: form.values, set: form.set, errors: form.errors(FIELDS) }}>
          <Tabs
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
        </FormContext>
      </div>
    </DrawerContent>
  );
}
