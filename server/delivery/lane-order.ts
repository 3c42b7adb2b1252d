// The order of a destination as its lane keeps it. It holds for one turn: a change of the order ends the turn.
import { NO_ORDER, type OrderSettings } from "#server/contracts/ordering.ts";
import { orderMark } from "#server/rules/order-key.ts";
import { type DueReader, makeDueReader } from "./due-reader.ts";
import type { Lane } from "./lane-tools.ts";
import { inOrder } from "./order.ts";
import { makeOrderedReader } from "./ordered-reader.ts";
import type { Settlement } from "./settle.sql.ts";
import { keepSorted } from "./sort-order.ts";

export interface LaneOrder {
  /** Whether events go in order at all. */
  isKept: boolean;
  makeReader(): DueReader;
  /** Sorts the events in line when the order has changed. False when the lease was lost. */
  keepSorted(): Promise<boolean>;
  /** Whether the destination still has the order with which this turn began, and nothing is to be sorted. */
  isCurrent(): boolean;
  /** The result as this order takes it. */
  judged<S extends Pick<Settlement, "status" | "ended_because">>(result: S): S;
}

export function makeLaneOrder(lane: Lane): LaneOrder {
  const { lease, clock } = lane;
  const settings = (): OrderSettings => lane.config.current().destinations.get(lease.destinationId)?.config ?? NO_ORDER;
  const atStart = settings();
  const isSame = ({ on_order_failure, ...order }: OrderSettings) =>
    orderMark({ ...order, on_order_failure }) === orderMark(atStart) && on_order_failure === atStart.on_order_failure;
  const isKept = atStart.ordering !== "none";
  return {
    isKept,
    makeReader() {
      if (!isKept) {
        const hasTurns = () => lane.config.current().sharedDestinations.has(lease.destinationId);
        return makeDueReader({ ...lane, hasTurns });
      }
      const connectionOf = (id: string) => lane.config.current().connections.get(id);
      return makeOrderedReader({ ...lane, settings, connectionOf });
    },
    keepSorted: () => keepSorted(lane, atStart),
    isCurrent: () => isSame(settings()) && (lease.order.sortAt?.getTime() ?? Number.POSITIVE_INFINITY) > clock.nowMs(),
    judged: (result) => inOrder(result, settings()),
  };
}
