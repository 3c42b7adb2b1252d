// The actions of a card, wherever it is drawn: in the graph, in the list, in a lane.
import type { TRPCClient } from "@trpc/client";
import { sayFailed } from "#components/graph-drawer/act.ts";
import { askReplay } from "#components/replay/ask.ts";
import { formatCount } from "#components/ui/format.ts";
import { showToast } from "#components/ui/toasts.ts";
import type { AppRouter } from "#server/api/app-router.ts";
import type { TopologyConnection } from "#server/contracts/topology.ts";
import type { Card, CardKind, ConnectionCard } from "./graph-types.ts";

type Api = TRPCClient<AppRouter>;

/** What a switch of a connection changes at once in the picture, before the server has answered. */
export type Shown = (
  connectionId: string,
  change: Partial<Pick<TopologyConnection, "paused_at" | "paused_until" | "disabled_at">>,
) => void;

interface Parts {
  api: Api;
  /** Draws what is expected. */
  show: Shown;
  /** Asks for the configuration again. */
  refresh: () => void;
  now: () => string;
}

export interface CardActions {
  setPaused(card: ConnectionCard, isPaused: boolean): Promise<void>;
  /** Pauses it until a time, or gives its pause this end. */
  pauseUntil(card: ConnectionCard, until: string): Promise<void>;
  setDisabled(card: Card, isDisabled: boolean): Promise<void>;
  rename(card: Card, name: string): Promise<void>;
  /** @param isQuiet part of something larger, which says when it is done */
  remove(card: Card, isQuiet?: boolean): Promise<boolean>;
  /** Makes a connection and gives its id. */
  connect(source: { id: string; name: string }, destination: { id: string; name: string }): Promise<string | undefined>;
  /** Makes a disabled copy, as two that deliver the same would deliver it twice, and gives its id. */
  duplicate(card: ConnectionCard): Promise<string | undefined>;
  /** Opens the plan of a replay, which counts first. */
  replay(card: ConnectionCard): void;
}

type Changed = { updated_at: string };

/** The four calls of a resource that cards use. */
function callsOf(api: Api, kind: CardKind) {
  switch (kind) {
    case "source":
      return api.sources;
    case "connection":
      return api.connections;
    case "destination":
      return api.destinations;
  }
}

/** A name that no connection has yet, by what it connects: `stripe-to-billing`, `stripe-to-billing-2`. */
export function freeName(wanted: string, taken: ReadonlySet<string>): string {
  const base = wanted.slice(0, 150);
  if (!taken.has(base)) return base;
  for (let n = 2; ; n += 1) if (!taken.has(`${base}-${n}`)) return `${base}-${n}`;
}

export function makeCardActions({ api, show, refresh, now }: Parts, names: () => ReadonlySet<string>): CardActions {
  /** Takes a change back. It names the state that the change led to: when the world has moved on, the server says how. */
  async function undo(name: string, inverse: () => Promise<unknown>): Promise<void> {
    try {
      await inverse();
      showToast({ kind: "done", text: `${name}: undone.` });
    } catch (error) {
      sayFailed(error);
    } finally {
      refresh();
    }
  }

  /** Runs a change, says it with a way back, and has the picture asked for again. */
  async function change(
    name: string,
    run: () => Promise<Changed>,
    toast: { kind: "done" | "held"; text: string },
    inverse: (after: string) => Promise<unknown>,
  ): Promise<void> {
    try {
      const { updated_at: after } = await run();
      showToast({ ...toast, action: { label: "Undo", run: () => void undo(name, () => inverse(after)) } });
    } catch (error) {
      sayFailed(error);
    } finally {
      refresh();
    }
  }

  /** Puts a pause back as it was. */
  const setPause = (
    id: string,
    isPaused: boolean,
    { until, ...at }: { until: string | null; if_updated_at: string },
  ) => (isPaused ? api.connections.pause.mutate({ id, until, ...at }) : api.connections.unpause.mutate({ id, ...at }));

  return {
    async setPaused(card, isPaused) {
      const { pause, unpause } = api.connections;
      show(card.id, { paused_at: isPaused ? now() : null, paused_until: null });
      const held = card.badges.shown.find(({ state }) => state === "HOLD")?.count ?? 0;
      const resumed = held > 0 ? `${card.name} sends ${formatCount(held)} held in order.` : `${card.name} is resumed.`;
      await change(
        card.name,
        () => (isPaused ? pause : unpause).mutate({ id: card.id }),
        isPaused
          ? { kind: "held", text: `${card.name} is paused. What comes is held.` }
          : { kind: "done", text: resumed },
        (after) => setPause(card.id, !isPaused, { until: card.pausedUntil, if_updated_at: after }),
      );
    },
    async pauseUntil(card, until) {
      show(card.id, { paused_at: now(), paused_until: until });
      await change(
        card.name,
        () => api.connections.pause.mutate({ id: card.id, until }),
        { kind: "held", text: `${card.name} is paused. It resumes by itself.` },
        (after) => setPause(card.id, card.isPaused, { until: card.pausedUntil, if_updated_at: after }),
      );
    },
    async setDisabled(card, isDisabled) {
      const { enable, disable } = callsOf(api, card.kind);
      const [run, inverse] = isDisabled ? [disable, enable] : [enable, disable];
      if (card.kind === "connection") show(card.id, { disabled_at: isDisabled ? now() : null });
      await change(
        card.name,
        () => run.mutate({ id: card.id }),
        { kind: "done", text: `${card.name} is ${isDisabled ? "disabled" : "enabled"}.` },
        (after) => inverse.mutate({ id: card.id, if_updated_at: after }),
      );
    },
    async rename(card, name) {
      const { update } = callsOf(api, card.kind);
      await change(
        card.name,
        () => update.mutate({ id: card.id, name, if_updated_at: card.updatedAt }),
        { kind: "done", text: `${card.name} is now ${name}.` },
        (after) => update.mutate({ id: card.id, name: card.name, if_updated_at: after }),
      );
    },
    async remove(card, isQuiet = false) {
      try {
        await callsOf(api, card.kind).delete.mutate({ id: card.id });
        if (!isQuiet) showToast({ kind: "done", text: `${card.name} is deleted.` });
        return true;
      } catch (error) {
        sayFailed(error);
        return false;
      } finally {
        refresh();
      }
    },
    async connect(source, destination) {
      const name = freeName(`${source.name}-to-${destination.name}`, names());
      try {
        const made = await api.connections.create.mutate({
          name,
          source_id: source.id,
          destination_id: destination.id,
        });
        showToast({
          kind: "done",
          text: `${source.name} goes to ${destination.name} now.`,
          action: {
            label: "Undo",
            run: () => void undo(name, () => api.connections.delete.mutate({ id: made.id })),
          },
        });
        return made.id;
      } catch (error) {
        sayFailed(error);
        return undefined;
      } finally {
        refresh();
      }
    },
    async duplicate(card) {
      const name = freeName(`${card.name}-copy`, names());
      try {
        const { rules, description } = await api.connections.get.query({ id: card.id });
        const made = await api.connections.create.mutate({
          name,
          description,
          rules,
          source_id: card.sourceId,
          destination_id: card.destinationId,
        });
        await api.connections.disable.mutate({ id: made.id });
        showToast({
          kind: "done",
          text: `${name} is made, and disabled until you enable it.`,
          action: { label: "Undo", run: () => void undo(name, () => api.connections.delete.mutate({ id: made.id })) },
        });
        return made.id;
      } catch (error) {
        sayFailed(error);
        return undefined;
      } finally {
        refresh();
      }
    },
    replay: (card) =>
      askReplay({ kind: "replay", input: { from: "now-24h", status: ["FAILED"], connection_id: card.id } }),
  };
}
