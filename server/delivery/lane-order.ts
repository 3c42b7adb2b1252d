// The order of a destination as its lane keeps it. It holds for one turn: a change of the order ends the turn.
import { groupsOf } from "#server/contracts/groups.ts";
import { NO_ORDER, type OrderSettings } from "#server/contracts/ordering.ts";
import { orderMark } from "#server/rules/order-key.ts";
import type { DueEvent } from "./due-events.sql.ts";
import { type DueReader, makeDueReader } from "./due-reader.ts";
import { connectionOf } from "./lane-move.ts";
import type { Lane } from "./lane-tools.ts";
import type { SortedOrder } from "./lease.sql.ts";
import { inOrder } from "./order.ts";
import { makeOrderedReader } from "./ordered-reader.ts";
import { keepGrouped, regroupRead } from "./regroup.ts";
import type { Settlement } from "./settle.sql.ts";
import { keepSorted } from "./sort-order.ts";

export interface LaneOrder {
  /** Whether events go in order at all. */
  isKept: boolean;
  makeReader(isBlocked: (turnKey: string) => boolean): DueReader;
  /** Sorts the events in line when the order has changed. False when the lease was lost. */
  keepSorted(): Promise<boolean>;
  /** Whether the destination still has the order with which this turn began, and nothing is to be sorted. */
  isCurrent(): boolean;
  /** The result as this order takes it. */
  judged<S extends Pick<Settlement, "status" | "ended_because">>(result: S): S;
}

const isSortDue = ({ sortAt, groupSortAt }: SortedOrder, nowMs: number): boolean =>
  [sortAt, groupSortAt].some((at) => at !== null && at.getTime() <= nowMs);

export function makeLaneOrder(lane: Lane): LaneOrder {
  const { lease } = lane;
  const settings = (): OrderSettings => lane.config.current().destinations.get(lease.destinationId)?.config ?? NO_ORDER;
  const groups = () => groupsOf(lane.config.current().destinations.get(lease.destinationId));
  const atStart = settings();
  const groupsAtStart = groups();
  const isSame = ({ on_order_failure, ...order }: OrderSettings) =>
    orderMark({ ...order, on_order_failure }) === orderMark(atStart) && on_order_failure === atStart.on_order_failure;
  const isKept = atStart.ordering !== "none";
  // What is left to be sorted is due like an event.
  const dueLane = { ...lane, clock: lane.dueClock };
  return {
    isKept,
    makeReader(isBlocked) {
      const regroup = (events: readonly DueEvent[]) => regroupRead(lane, groupsAtStart, events);
      const hasTurns = () => groups() !== null || lane.config.current().sharedDestinations.has(lease.destinationId);
      const reading = { ...dueLane, hasTurns, isBlocked, regroup };
      if (!isKept) return makeDueReader(reading);
      const ofId = (id: string) => connectionOf(lane.config.current(), id);
      return makeOrderedReader({ ...reading, settings, connectionOf: ofId });
    },
    keepSorted: async () => (await keepSorted(dueLane, atStart)) && keepGrouped(dueLane, groupsAtStart),
    isCurrent: () =>
      isSame(settings()) && groups()?.key === groupsAtStart?.key && !isSortDue(lease.order, lane.dueClock.nowMs()),
    judged: (result) => inOrder(result, settings()),
  };
}
