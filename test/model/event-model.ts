// What the life of an event is by the rules of the product, without a database: what each command makes of it once all is quiet.
export type Mode = "ok" | "fail" | "gone" | "hang";
export type Status = "SCHEDULED" | "RETRYING" | "HOLD" | "DELIVERED" | "FAILED" | "CANCELLED";

export interface ModelDestination {
  id: string;
  mode: Mode;
  isDisabled: boolean;
  /** The one that gets a letter of what fails here for good. */
  deadLetters: ModelDestination | null;
}
export interface ModelConnection {
  id: string;
  destination: ModelDestination;
  /** How often its retry rule tries again. */
  retries: number;
  /** Whether a rule delays what is routed, for longer than any run. */
  isDelaying: boolean;
  isPaused: boolean;
  isDisabled: boolean;
}
export interface ModelEvent {
  requestId: string;
  connection: ModelConnection;
  /** That of the connection, and of a letter another. */
  destination: ModelDestination;
  /** A letter of what failed elsewhere. */
  isLetter: boolean;
  status: Status;
  attempts: number;
  /** The attempts before its retry policy began anew. */
  countedFrom: number;
  holdReason: "connection_paused" | "destination_disabled" | null;
  endedBecause: "exhausted" | "gone" | null;
  /** Whether a hold ends in an attempt: false where its time has not come. */
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

/** Places in requests that nobody may be to see. */
export const PLACES = ["body.card", "headers.x-card"] as const;
export type Place = (typeof PLACES)[number];
export type Secrets = Record<Place, string>;
/** Who says that a place is masked: both hold. */
export type Masker = "team" | "source";
export interface Payload {
  secrets: Secrets;
  /** Those of the moment at which it came. */
  masks: readonly Place[];
  /** Whether they are applied where it is stored; till then what was made of it is withheld. */
  isMasked: boolean;
}

export type Model = ReturnType<typeof makeModel>;

/** How often a destination tries a letter again, which goes by no rule. */
export const LETTER_RETRIES = 2;
const ENDS: readonly Status[] = ["DELIVERED", "FAILED", "CANCELLED"];
/** For its time, in line. */
export const isWaiting = ({ status }: ModelEvent): boolean => status === "RETRYING" || status === "SCHEDULED";
export const isFinished = ({ status }: ModelEvent): boolean => ENDS.includes(status);

export function makeModel() {
  const events: ModelEvent[] = [];
  const connections: ModelConnection[] = [];
  const destinations: ModelDestination[] = [];
  const erased = new Set<string>();
  /** Oldest first. */
  const requests: string[] = [];
  const payloads = new Map<string, Payload>();
  const masks: Record<Masker, readonly Place[]> = { team: [], source: [] };
  /** The requests whose masks are applied, also those that are gone. */
  const masked = new Set<string>();
  /** The requests whose time is over. */
  const gone: string[] = [];
  const counts: Counts = { events: 0, attempts: 0, delivered: 0, failed: 0, retrying: 0, held: 0, cancelled: 0 };

  function attempt(event: ModelEvent) {
    event.attempts++;
    counts.attempts++;
    const { destination, connection, isLetter } = event;
    const retries = isLetter ? LETTER_RETRIES : connection.retries;
    event.holdReason = null;
    if (destination.mode === "ok") {
      event.status = "DELIVERED";
      counts.delivered++;
    } else if (destination.mode === "gone" || event.attempts - event.countedFrom > retries) {
      event.status = "FAILED";
      event.endedBecause = destination.mode === "gone" ? "gone" : "exhausted";
      counts.failed++;
      forward(event);
    } else {
      event.status = "RETRYING";
      event.isDue = false;
      counts.retrying++;
    }
  }
  function add(requestId: string, connection: ModelConnection, isLetterTo?: ModelDestination): ModelEvent {
    const event: ModelEvent = {
      ...{ requestId, connection, destination: isLetterTo ?? connection.destination },
      ...{ isLetter: isLetterTo !== undefined, status: "RETRYING", attempts: 0, countedFrom: 0 },
      ...{ holdReason: null, endedBecause: null, isDue: true },
    };
    events.push(event);
    counts.events++;
    return event;
  }
  /** What has failed for good is told once, however often it fails. */
  function forward({ requestId, connection, destination }: ModelEvent) {
    const to = destination.deadLetters;
    if (!to || letterOf(requestId, connection)) return;
    const letter = add(requestId, connection, to);
    if (connections.includes(connection)) goOn(letter);
    else cancel(letter);
  }
  const letterOf = (requestId: string, connection: ModelConnection) =>
    events.find((event) => event.isLetter && event.requestId === requestId && event.connection === connection);
  function hold(event: ModelEvent, reason: NonNullable<ModelEvent["holdReason"]>) {
    if (event.status !== "HOLD") counts.held++;
    event.status = "HOLD";
    event.holdReason = reason;
  }
  /** Its time has come: it is sent, or held for what stands in its way. */
  function goOn(event: ModelEvent) {
    event.endedBecause = null;
    event.isDue = true;
    if (event.connection.isPaused) hold(event, "connection_paused");
    else if (event.destination.isDisabled) hold(event, "destination_disabled");
    else attempt(event);
  }
  /** It waits for the time that its delay rule gives it, and so it does in a hold. */
  function delay(event: ModelEvent) {
    event.endedBecause = null;
    event.isDue = false;
    if (event.connection.isPaused) return hold(event, "connection_paused");
    event.status = "SCHEDULED";
    event.holdReason = null;
  }
  function cancel(event: ModelEvent) {
    Object.assign(event, { status: "CANCELLED", holdReason: null, endedBecause: null });
    counts.cancelled++;
  }
  /** A hold whose reason is over: another may be left. */
  function release(event: ModelEvent) {
    event.status = event.isDue ? "RETRYING" : "SCHEDULED";
    event.holdReason = null;
    if (event.isDue) goOn(event);
  }
  const heldFor = (reason: ModelEvent["holdReason"], of: (event: ModelEvent) => boolean) =>
    events.filter((event) => event.status === "HOLD" && event.holdReason === reason && of(event));
  function route(requestId: string) {
    for (const connection of connections) {
      if (connection.isDisabled || connection.destination.isDisabled) continue;
      const known = events.find(
        (event) => !event.isLetter && event.requestId === requestId && event.connection === connection,
      );
      const event = known ?? add(requestId, connection);
      if (isFinished(event)) event.countedFrom = event.attempts;
      if (connection.isDelaying) delay(event);
      else goOn(event);
    }
  }
  const isOwed = (requestId: string) => events.some((event) => event.requestId === requestId && !isFinished(event));
  /** With all that came of them; what was counted stays. */
  function drop(requestIds: readonly string[]) {
    gone.push(...requestIds);
    for (const id of requestIds) payloads.delete(id);
    const kept = events.filter(({ requestId }) => !requestIds.includes(requestId));
    events.splice(0, events.length, ...kept);
  }

  return {
    events,
    connections,
    destinations,
    requests,
    counts,
    erased,
    payloads,
    masks,
    masked,
    gone,
    isThere: (connection: ModelConnection) => connections.includes(connection),
    /** A request has come. */
    receive(requestId: string, secrets: Secrets) {
      requests.push(requestId);
      const both = PLACES.filter((place) => masks.team.includes(place) || masks.source.includes(place));
      payloads.set(requestId, { secrets, masks: both, isMasked: false });
      route(requestId);
    },
    /** It is routed again. */
    route,
    /** Masks are applied to what is stored, once nothing of the request is to be sent any more. */
    applyMasks() {
      for (const [id, payload] of payloads) {
        if (payload.masks.length === 0 || isOwed(id)) continue;
        payload.isMasked = true;
        masked.add(id);
      }
    },
    /** The time of the oldest `count` requests is over: they go up to the first that is still owed. Returns how many went. */
    expire(count: number): number {
      const owed = requests.findIndex(isOwed);
      const going = requests.splice(0, owed === -1 ? count : Math.min(owed, count));
      drop(going);
      return going.length;
    },
    /** The time of a day with all of them is over: it goes as a whole, or stays. Returns how many went. */
    expireDay(): number {
      const going = requests.some(isOwed) ? [] : requests.splice(0);
      drop(going);
      return going.length;
    },
    /** Asked for by hand; held ones stay as they are. */
    retry(event: ModelEvent) {
      if (event.status === "HOLD") return;
      if (isFinished(event)) event.countedFrom = event.attempts;
      goOn(event);
    },
    cancel,
    /** The waits of all retries and delays of a connection are over. */
    comeDue(connection: ModelConnection) {
      for (const event of events.filter((each) => each.connection === connection && isWaiting(each))) goOn(event);
    },
    unpause(connection: ModelConnection) {
      connection.isPaused = false;
      for (const event of heldFor("connection_paused", (each) => each.connection === connection)) release(event);
    },
    enable(destination: ModelDestination) {
      destination.isDisabled = false;
      for (const event of heldFor("destination_disabled", (each) => each.destination === destination)) release(event);
    },
    remove(connection: ModelConnection) {
      connections.splice(connections.indexOf(connection), 1);
      for (const event of events) if (event.connection === connection && !isFinished(event)) cancel(event);
    },
  };
}
