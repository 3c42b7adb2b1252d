"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "#components/data/may.tsx";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Button, IconButton } from "#components/ui/button.tsx";
import { ErrorState } from "#components/ui/empty-state.tsx";
import { formatExact } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Select } from "#components/ui/select.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { Version, VersionSummary } from "#server/contracts/version.ts";
import { ChangedFields } from "./changed-fields.tsx";
import { FollowedSection } from "./followed-section.tsx";
import { RestoreDialog, type RestoredPart } from "./restore-dialog.tsx";
import { authorName, fieldsWords, wayOf } from "./version-words.ts";

interface VersionPanelProps {
  number: number;
  against: number | undefined;
  /** Those that are in the list, to compare with. */
  versions: readonly VersionSummary[];
  onCompare: (against: number | null) => void;
  open: (number: number) => void;
  close: () => void;
}

/** One version: what it changed, what followed, and the way back. */
export function VersionPanel({ number, against, versions, onCompare, open, close }: VersionPanelProps) {
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(
    trpc.versions.get.queryOptions(against === undefined ? { number } : { number, against }, {
      placeholderData: keepPreviousData,
    }),
  );
  return (
    <>
      <header className="grid gap-1 border-line border-b py-2.5 pr-3 pl-6 max-md:pl-4">
        <div className="flex items-center gap-2">
          <h2 className="font-mono font-semibold text-lg">v{number}</h2>
          {data ? (
            <span className="min-w-0 flex-1 truncate text-muted text-xs">
              {authorName(data)}, {wayOf(data)}, {formatExact(data.created_at)}
            </span>
          ) : null}
          <IconButton icon="close" size="sm" label="Close the panel" onClick={close} className="ml-auto" />
        </div>
        {data ? <WaysBack version={data} open={open} /> : null}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto px-6 pb-6 max-md:px-4">
        {error && !data ? (
          <div className="pt-4">
            <ErrorState
              title="This version did not load"
              actions={<Button onClick={() => refetch()}>Try again</Button>}
            >
              {error.message}
            </ErrorState>
          </div>
        ) : null}
        {data ? (
          <>
            <Compare version={data} versions={versions} onCompare={onCompare} open={open} />
            <ChangedFields changes={data.changes} before={`v${data.against}`} after={`v${data.number}`} />
            {against === undefined ? <FollowedSection number={number} at={data.created_at} /> : null}
          </>
        ) : error ? null : (
          <div className="grid gap-4 pt-6">
            <Skeleton className="h-6 w-64" />
            <Skeleton className="h-20 w-full" />
          </div>
        )}
      </div>
    </>
  );
}

/** The part that a press would bring back, where it is one resource: the fields that differ, as they were before. */
function undoneFields({ changes, against }: Version): RestoredPart | null {
  const [change] = changes;
  if (!change || changes.length > 1 || against === 0 || change.action === "create" || change.action === "delete")
    return null;
  const fields = change.fields.filter(({ is_secret }) => !is_secret).map(({ path }) => path);
  return fields.length > 0 ? { number: against, resource_id: change.resource_id, fields } : null;
}

/** The one resource that was deleted, as it was. */
function broughtBack({ changes, against }: Version): RestoredPart | null {
  const [change] = changes;
  if (!change || changes.length > 1 || change.action !== "delete") return null;
  return { number: against, resource_id: change.resource_id };
}

function WaysBack({ version, open }: { version: Version; open: (number: number) => void }) {
  const mayWrite = useMay("connection.write");
  const [part, setPart] = useState<RestoredPart | null>(null);
  if (!mayWrite) return <p className="text-muted text-xs">Who may change connections can restore it.</p>;
  const fields = undoneFields(version);
  const deleted = broughtBack(version);
  const whole = version.number === version.newest ? version.against : version.number;
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        {fields ? (
          <Button icon="replay" onClick={() => setPart(fields)}>
            Restore {fields.fields?.length === 1 ? "this field" : `these ${fieldsWords(fields.fields?.length ?? 0)}`}
          </Button>
        ) : null}
        {deleted ? (
          <Button icon="replay" onClick={() => setPart(deleted)}>
            Bring {version.changes[0]?.resource_name} back
          </Button>
        ) : null}
        {whole > 0 ? (
          <Button kind="quiet" onClick={() => setPart({ number: whole })}>
            Restore all of v{whole}…
          </Button>
        ) : null}
      </div>
      <p className="text-muted text-xs">
        Restoring makes v{version.newest + 1}; nothing is ever rewritten. Events that wait keep their place.
      </p>
      {part ? <RestoreDialog part={part} onClose={() => setPart(null)} onRestored={open} /> : null}
    </>
  );
}

interface CompareProps {
  version: Version;
  versions: readonly VersionSummary[];
  onCompare: (against: number | null) => void;
  open: (number: number) => void;
}

function Compare({ version, versions, onCompare, open }: CompareProps) {
  const numbers = [...new Set([...versions.map(({ number }) => number), version.number, version.against])];
  const options = numbers
    .filter((number) => number > 0)
    .sort((a, b) => b - a)
    .map((number) => ({ value: String(number), label: `v${number}` }));
  if (version.against === 0) return null;
  return (
    <div className="flex h-11 items-center gap-2 border-line border-b text-xs">
      <span className="text-muted">Compare</span>
      <span className="w-24">
        <Select
          aria-label="Compare with"
          size="md"
          options={options}
          value={String(version.against)}
          onChange={(next) => onCompare(Number(next) === version.number - 1 ? null : Number(next))}
        />
      </span>
      <Icon name="arrow" size={14} className="text-faint" />
      <span className="w-24">
        <Select
          aria-label="Version"
          size="md"
          options={options}
          value={String(version.number)}
          onChange={(next) => open(Number(next))}
        />
      </span>
    </div>
  );
}
