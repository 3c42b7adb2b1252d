// What the life of an event is by the rules of the product, without a database: what each command makes of it once all is quiet.
export type Mode = "ok" | "fail" | "gone" | "hang";
export type Status = "RETRYING" | "HOLD" | "DELIVERED" | "FAILED" | "CANCELLED";

export interface ModelDestination {
  id: string;
  mode: Mode;
  isDisabled: boolean;
}
export interface ModelConnection {
  id: string;
  destination: ModelDestination;
  /** How often its retry rule tries again. */
  retries: number;
  isPaused: boolean;
  isDisabled: boolean;
}
export interface ModelEvent {
  requestId: string;
  connection: ModelConnection;
  status: Status;
  attempts: number;
  /** The attempts before its retry policy began anew. */
  countedFrom: number;
  holdReason: "connection_paused" | "destination_disabled" | null;
  endedBecause: "exhausted" | "gone" | null;
  /** Whether a hold ends in an attempt: false for a retry whose time has not come. */
  isDue: boolean;
}
export interface Counts {
  events: number;
  attempts: number;
  delivered: number;
  failed: number;
  retrying: number;
  held: number;
  cancelled: number;
}

export type Model = ReturnType<typeof makeModel>;

const ENDS: readonly Status[] = ["DELIVERED", "FAILED", "CANCELLED"];
export const isFinished = ({ status }: ModelEvent): boolean => ENDS.includes(status);

export function makeModel() {
  const events: ModelEvent[] = [];
  const connections: ModelConnection[] = [];
  const erased = new Set<string>();
  const requests: string[] = [];
  const counts: Counts = { events: 0, attempts: 0, delivered: 0, failed: 0, retrying: 0, held: 0, cancelled: 0 };

  function attempt(event: ModelEvent) {
    event.attempts++;
    counts.attempts++;
    const { destination, retries } = event.connection;
    event.holdReason = null;
    if (destination.mode === "ok") {
      event.status = "DELIVERED";
      counts.delivered++;
    } else if (destination.mode === "gone" || event.attempts - event.countedFrom > retries) {
      event.status = "FAILED";
      event.endedBecause = destination.mode === "gone" ? "gone" : "exhausted";
      counts.failed++;
    } else {
      event.status = "RETRYING";
      event.isDue = false;
      counts.retrying++;
    }
  }
  /** Its time has come: it is sent, or held for what stands in its way. */
  function goOn(event: ModelEvent) {
    event.endedBecause = null;
    event.isDue = true;
    const { isPaused, destination } = event.connection;
    if (!isPaused && !destination.isDisabled) return attempt(event);
    if (event.status !== "HOLD") counts.held++;
    event.status = "HOLD";
    event.holdReason = isPaused ? "connection_paused" : "destination_disabled";
  }
  function cancel(event: ModelEvent) {
    Object.assign(event, { status: "CANCELLED", holdReason: null, endedBecause: null });
    counts.cancelled++;
  }
  /** A hold whose reason is over: another may be left. */
  function release(event: ModelEvent) {
    event.status = "RETRYING";
    event.holdReason = null;
    goOn(event);
  }
  const heldFor = (reason: ModelEvent["holdReason"], of: (event: ModelEvent) => boolean) =>
    events.filter((event) => event.status === "HOLD" && event.holdReason === reason && of(event));

  return {
    events,
    connections,
    requests,
    counts,
    erased,
    isThere: (connection: ModelConnection) => connections.includes(connection),
    /** A request has come, or is routed again. */
    route(requestId: string) {
      if (!requests.includes(requestId)) requests.push(requestId);
      for (const connection of connections) {
        if (connection.isDisabled || connection.destination.isDisabled) continue;
        const known = events.find((event) => event.requestId === requestId && event.connection === connection);
        const event: ModelEvent = known ?? {
          ...{ requestId, connection, status: "RETRYING", attempts: 0, countedFrom: 0 },
          ...{ holdReason: null, endedBecause: null, isDue: true },
        };
        if (!known) {
          events.push(event);
          counts.events++;
        }
        if (isFinished(event)) event.countedFrom = event.attempts;
        goOn(event);
      }
    },
    /** Asked for by hand; held ones stay as they are. */
    retry(event: ModelEvent) {
      if (event.status === "HOLD") return;
      if (isFinished(event)) event.countedFrom = event.attempts;
      goOn(event);
    },
    cancel,
    /** The waits of all retries of a connection are over. */
    comeDue(connection: ModelConnection) {
      for (const event of events) if (event.connection === connection && event.status === "RETRYING") goOn(event);
    },
    unpause(connection: ModelConnection) {
      connection.isPaused = false;
      for (const event of heldFor("connection_paused", (each) => each.connection === connection)) release(event);
    },
    enable(destination: ModelDestination) {
      destination.isDisabled = false;
      for (const event of heldFor("destination_disabled", (each) => each.connection.destination === destination))
        release(event);
    },
    remove(connection: ModelConnection) {
      connections.splice(connections.indexOf(connection), 1);
      for (const event of events) if (event.connection === connection && !isFinished(event)) cancel(event);
    },
  };
}
