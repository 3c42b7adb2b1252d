"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTRPC, useTRPCClient } from "#components/data/trpc-provider.tsx";
import { useLiveFeed } from "#components/live/live-context.ts";
import { NOTHING_HEARD } from "#components/live/live-state.ts";
import { useServerNow } from "#components/ui/clock.tsx";
import type { Capability } from "#server/contracts/capability.ts";
import type { LiveKind } from "#server/contracts/live.ts";
import type { Topology } from "#server/contracts/topology.ts";
import { makeCardActions, type Shown } from "./card-actions.ts";
import type { GraphShared, GraphWays } from "./graph-context.ts";
import { type GraphScene, makeGraphScene, type SceneOptions } from "./graph-scene.ts";

const KINDS: readonly LiveKind[] = ["counts", "rates", "sources", "destinations"];
/** Lines change their width at most once in two seconds: they are looked at from the side of the eye. */
const EDGES_EVERY_MS = 2_000;

const useIsomorphicLayoutEffect = typeof window === "undefined" ? useEffect : useLayoutEffect;

/** What all cards share: their data by id, kept up with the traffic, and what can be done with them. */
export function useGraphShared(
  topology: Topology,
  can: readonly Capability[],
  ways: Omit<GraphWays, "toggleFold">,
  options: SceneOptions,
) {
  const api = useTRPCClient();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const feed = useLiveFeed();
  const nowMs = useServerNow();
  const latestWays = useRef(ways);
  latestWays.current = ways;
  const [made] = useState(() => {
    const scene = makeGraphScene(topology, NOTHING_HEARD, nowMs);
    const queryKey = trpc.topology.get.queryKey({});
    const actions = makeCardActions(
      {
        api,
        show: (id, change) => queries.setQueryData<Topology>(queryKey, (old) => old && withConnection(old, id, change)),
        refresh: () => void queries.invalidateQueries({ queryKey }),
        now: () => new Date().toISOString(),
      },
      () => new Set([...scene.model().connections.values()].map(({ name }) => name)),
    );
    const go: GraphWays = {
      open: (...at) => latestWays.current.open(...at),
      openRule: (...at) => latestWays.current.openRule(...at),
      openNew: (...at) => latestWays.current.openNew(...at),
      askDelete: (card) => latestWays.current.askDelete(card),
      askPause: (card) => latestWays.current.askPause(card),
      toggleFold: (id) => scene.openFold(id),
    };
    return { scene, shared: { ...scene.stores, actions, go, can } satisfies GraphShared };
  });
  const { scene, shared } = made;
  useIsomorphicLayoutEffect(() => scene.setTopology(topology), [scene, topology]);
  useIsomorphicLayoutEffect(() => scene.setOptions(options), [scene, options]);
  useFeed(scene, feed);
  return { shared, scene };
}

function withConnection(old: Topology, id: string, change: Parameters<Shown>[1]) {
  return { ...old, connections: old.connections.map((one) => (one.id === id ? { ...one, ...change } : one)) };
}

/** Follows the one live connection of the page: cards at once, lines seldom. */
function useFeed(scene: GraphScene, feed: ReturnType<typeof useLiveFeed>): void {
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const drawEdges = () => {
      timer = undefined;
      scene.drawEdges();
    };
    const hear = () => {
      scene.setLive(feed.read().state, Date.now());
      timer ??= setTimeout(drawEdges, EDGES_EVERY_MS);
    };
    const stops = [feed.watch(KINDS, () => {}), feed.onView(hear)];
    scene.setLive(feed.read().state, Date.now());
    scene.drawEdges();
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [scene, feed]);
}
