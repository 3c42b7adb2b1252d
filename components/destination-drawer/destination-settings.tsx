"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useMay } from "#components/data/may.tsx";
import { useTRPCClient } from "#components/data/trpc-provider.tsx";
import { useNames } from "#components/data/use-names.ts";
import { sayFailed } from "#components/graph-drawer/act.ts";
import { affectedWords } from "#components/graph-drawer/affected.ts";
import { copyName } from "#components/graph-drawer/copy-name.ts";
import { DeleteRow } from "#components/graph-drawer/delete-row.tsx";
import { useDrawerPlace } from "#components/graph-drawer/drawer-place.ts";
import { LongTextField, SwitchRow, TextField } from "#components/resource-form/fields.tsx";
import { Button } from "#components/ui/button.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { Destination } from "#server/contracts/destination.ts";
import { AuthFields } from "./auth-fields.tsx";
import { HttpFields } from "./http-fields.tsx";
import { MockFields } from "./mock-fields.tsx";
import { S3Fields } from "./s3-fields.tsx";
import type { Branches, DestinationActs } from "./use-destination.ts";

interface DestinationSettingsProps {
  destination: Destination;
  acts: DestinationActs;
  branches: Branches;
}

export function DestinationSettings({ destination, acts, branches }: DestinationSettingsProps) {
  const mayWrite = useMay("destination.write");
  return (
    <fieldset disabled={!mayWrite} className="grid min-w-0 gap-4 p-4">
      <legend className="sr-only">Settings of {destination.name}</legend>
      {destination.type === "HTTP" ? (
        <>
          <HttpFields />
          <AuthFields destination={destination} />
        </>
      ) : null}
      {destination.type === "S3" ? (
        <S3Fields
          id={destination.id}
          masked={String(destination.config.auth.secret_access_key ?? "")}
          branches={branches}
        />
      ) : null}
      {destination.type === "EMAIL" ? (
        <TextField
          field="config.to"
          label="Addresses"
          help="Of those that were confirmed under Settings, Notifications; commas between them."
        />
      ) : null}
      {destination.type === "MOCK" ? <MockFields /> : null}
      <div className="grid gap-4 border-line border-t pt-4">
        <TextField field="name" label="Name" />
        <LongTextField field="description" label="Description" placeholder="What is this for?" />
        <SwitchRow
          title="Enabled"
          about="Off: what is on its way to it is held, on every connection."
          isOn={destination.disabled_at === null}
          onChange={(isOn) => void (isOn ? acts.enable() : acts.disable())}
          isDisabled={!mayWrite}
        />
      </div>
      <div className="grid gap-3 border-line border-t pt-4">
        {mayWrite ? <DuplicateRow destination={destination} /> : null}
        <DeleteDestination destination={destination} branches={branches} />
      </div>
    </fieldset>
  );
}

function useRefresh() {
  const queryClient = useQueryClient();
  return () => {
    for (const kind of ["topology", "connections", "destinations"]) {
      void queryClient.invalidateQueries({ queryKey: [[kind]] });
    }
  };
}

function DuplicateRow({ destination: { id, name } }: { destination: Destination }) {
  const { destinations: api } = useTRPCClient();
  const { destinations } = useNames();
  const { open } = useDrawerPlace();
  const refresh = useRefresh();
  const duplicate = async () => {
    try {
      const taken = new Set([...destinations.values()].map((each) => each.name));
      const copy = await api.duplicate.mutate({ id, name: copyName(name, taken) });
      refresh();
      open(copy.id);
    } catch (error) {
      sayFailed(error);
    }
  };
  return (
    <div className="flex items-center gap-3">
      <p className="min-w-0 flex-1 text-muted text-xs">
        Duplicate with its settings and secrets, without its connections
      </p>
      <Button onClick={() => void duplicate()}>Duplicate</Button>
    </div>
  );
}

function DeleteDestination({ destination: { id, name }, branches }: Omit<DestinationSettingsProps, "acts">) {
  const mayDelete = useMay("resources.delete");
  const api = useTRPCClient();
  const { close } = useDrawerPlace();
  const refresh = useRefresh();
  if (!mayDelete || !branches.isKnown) return null;
  const remove = async () => {
    try {
      for (const branch of branches.branches) await api.connections.delete.mutate({ id: branch.id });
      await api.destinations.delete.mutate({ id });
    } catch (error) {
      sayFailed(error);
      throw error;
    } finally {
      refresh();
    }
    showToast({ kind: "done", text: `${name} is deleted.` });
    close();
  };
  const count = branches.branches.length;
  const { waiting, perMinute } = branches;
  return (
    <DeleteRow
      name={name}
      affects={affectedWords({ waiting, perMinute, branches: branches.branches.map((branch) => branch.name) })}
      confirmLabel={count === 0 ? "Delete the destination" : `Delete with ${count} connection${count === 1 ? "" : "s"}`}
      onDelete={remove}
    />
  );
}
