"use client";

import type { ListSelection } from "#components/lists/selection.ts";
import { askReplay, type ReplayAsk } from "#components/replay/ask.ts";
import { windowOfIds } from "#components/replay/id-window.ts";
import { Button } from "#components/ui/button.tsx";
import { formatCount } from "#components/ui/format.ts";
import { useKeys } from "#components/ui/use-keys.ts";

/** What a list has chosen, as an operation takes it. */
function inputOf({ target }: Pick<ListSelection, "target">): { from: string } & Record<string, unknown> {
  if (target.kind === "ids") return { id: [...target.ids], ...windowOfIds(target.ids) };
  return { from: "now-24h", ...target.filter };
}

const ask = (kind: ReplayAsk["kind"], selection: Pick<ListSelection, "target">) =>
  askReplay({ kind, input: inputOf(selection) } as ReplayAsk);

const words = ({ count, isAtLeast }: ListSelection) => `${isAtLeast ? "at least " : ""}${formatCount(count)}`;

/** Opens the plan; `r` does the same. */
function Retry({ kind, selection }: { kind: "retry-events" | "retry-requests"; selection: ListSelection }) {
  const run = () => ask(kind, selection);
  useKeys([{ keys: "r", label: "Retry what is chosen", run }]);
  return (
    <Button size="sm" icon="replay" onClick={run}>
      Retry {words(selection)}
    </Button>
  );
}

interface ReplayAllProps {
  kind: "retry-events" | "retry-requests";
  selection: Pick<ListSelection, "target">;
}

/** For all that a list's filters name, without choosing rows first. */
export const ReplayAll = ({ kind, selection }: ReplayAllProps) => (
  <Button size="sm" icon="replay" className="max-lg:hidden" onClick={() => ask(kind, selection)}>
    Replay all that match…
  </Button>
);

/** Retry and cancel, for the list of events. Each opens its plan. */
export const EventsBulkBar = ({ selection }: { selection: ListSelection }) => (
  <>
    <Retry kind="retry-events" selection={selection} />
    <Button size="sm" kind="danger" onClick={() => ask("cancel-events", selection)}>
      Cancel {words(selection)}
    </Button>
  </>
);

/** For the list of requests, which are routed again. */
export const RequestsBulkBar = ({ selection }: { selection: ListSelection }) => (
  <Retry kind="retry-requests" selection={selection} />
);
