"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useMay } from "#components/data/may.tsx";
import { useTRPCClient } from "#components/data/trpc-provider.tsx";
import { useNames } from "#components/data/use-names.ts";
import { sayFailed } from "#components/graph-drawer/act.ts";
import { affectedWords, counted } from "#components/graph-drawer/affected.ts";
import { copyName } from "#components/graph-drawer/copy-name.ts";
import { DeleteRow } from "#components/graph-drawer/delete-row.tsx";
import { useDrawerPlace } from "#components/graph-drawer/drawer-place.ts";
import type { Waiting } from "#components/live/live-state.ts";
import { LongTextField, SwitchRow, TextField } from "#components/resource-form/fields.tsx";
import { Button } from "#components/ui/button.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { Connection } from "#server/contracts/connection.ts";
import { EndPicker } from "./end-picker.tsx";
import type { ConnectionActs } from "./use-connection.ts";

interface ConnectionSettingsProps {
  connection: Connection;
  acts: ConnectionActs;
  waiting: Waiting | undefined;
  perMinute: number;
}

export function ConnectionSettings({ connection, acts, waiting, perMinute }: ConnectionSettingsProps) {
  const mayWrite = useMay("connection.write");
  const { sources, destinations } = useNames();
  const waits = waiting ? waiting.queued + waiting.scheduled + waiting.retrying + waiting.held : 0;
  return (
    <fieldset disabled={!mayWrite} className="grid min-w-0 gap-4 p-4">
      <legend className="sr-only">Settings of {connection.name}</legend>
      <TextField field="name" label="Name" />
      <EndPicker end="source" named={sources} canMake={false} />
      <EndPicker
        end="destination"
        named={destinations}
        canMake={false}
        help={`Changing an end moves new events only; ${counted(waits, "event")} ${waits === 1 ? "waits" : "wait"} now.`}
      />
      <LongTextField field="description" label="Description" placeholder="What is this for?" />
      <SwitchRow
        title="Enabled"
        about="Off: new requests are ignored with cause CONNECTION_DISABLED."
        isOn={connection.disabled_at === null}
        onChange={(isOn) => void (isOn ? acts.enable() : acts.disable())}
        isDisabled={!mayWrite}
      />
      <div className="grid gap-3 border-line border-t pt-4">
        {mayWrite ? <DuplicateRow connection={connection} /> : null}
        <DeleteConnection connection={connection} waiting={waiting} perMinute={perMinute} />
      </div>
    </fieldset>
  );
}

function DuplicateRow({ connection }: { connection: Connection }) {
  const { connections: api } = useTRPCClient();
  const queryClient = useQueryClient();
  const { connections } = useNames();
  const { open } = useDrawerPlace();
  const { description, source_id, destination_id, rules } = connection;
  const duplicate = async () => {
    const name = copyName(connection.name, new Set([...connections.values()].map((each) => each.name)));
    try {
      const { id } = await api.create.mutate({ name, description, source_id, destination_id, rules });
      void queryClient.invalidateQueries({ queryKey: [["topology"]] });
      void queryClient.invalidateQueries({ queryKey: [["connections"]] });
      open(id);
    } catch (error) {
      sayFailed(error);
    }
  };
  return (
    <div className="flex items-center gap-3">
      <p className="min-w-0 flex-1 text-muted text-xs">
        Duplicate with its {counted(rules.length, "rule")}: both then deliver each request
      </p>
      <Button onClick={() => void duplicate()}>Duplicate</Button>
    </div>
  );
}

type DeleteProps = Pick<ConnectionSettingsProps, "connection" | "waiting" | "perMinute">;

function DeleteConnection({ connection: { id, name }, waiting, perMinute }: DeleteProps) {
  const mayDelete = useMay("resources.delete");
  const { connections: api } = useTRPCClient();
  const queryClient = useQueryClient();
  const { close } = useDrawerPlace();
  if (!mayDelete) return null;
  const remove = async () => {
    try {
      await api.delete.mutate({ id });
    } catch (error) {
      sayFailed(error);
      throw error;
    }
    showToast({ kind: "done", text: `${name} is deleted.` });
    void queryClient.invalidateQueries({ queryKey: [["topology"]] });
    close();
  };
  return (
    <DeleteRow
      name={name}
      affects={affectedWords({ waiting, perMinute })}
      confirmLabel={perMinute > 0 ? `Delete, stop ${Math.round(perMinute)}/min` : "Delete the connection"}
      onDelete={remove}
    />
  );
}
