// The evidence of a run in which everything went well, for tests that plant one bug in it.
import type {
  AttemptFact,
  EventFact,
  Evidence,
  Receipt,
  RequestFact,
  Sent,
  Team,
  Told,
  Wire,
} from "#test/chaos/logs.ts";

const START_MS = Date.UTC(2026, 10, 27, 12);
const MINUTE_MS = 60_000;
const EVENTS = 12;
const BETWEEN_MS = 100;

const PLACES = {
  ours: { teamId: "tm_ours", sourceId: "src_ours", connectionId: "web_ours", source: "keyed", destination: "ordered" },
  theirs: {
    ...{ teamId: "tm_theirs", sourceId: "src_theirs", connectionId: "web_theirs" },
    ...{ source: "foreign", destination: "stranger" },
  },
} as const;

/** The n-th thing of its kind: 1 to 12 are ours, 13 to 24 theirs. */
export const requestOf = (n: number): string => `req_${n}`;
export const eventOf = (n: number): string => `evt_${n}`;

function writeTeam(team: Team, firstN: number) {
  const { teamId, sourceId, connectionId, source, destination } = PLACES[team];
  const [sent, receipts, requests, events, attempts]: [Sent[], Receipt[], RequestFact[], EventFact[], AttemptFact[]] = [
    ...[[], [], [], [], []],
  ] as never;
  for (let n = firstN; n < firstN + EVENTS; n++) {
    const sentAtMs = START_MS + n * BETWEEN_MS;
    const [requestId, eventId, hash] = [requestOf(n), eventOf(n), `hash of ${n}`];
    sent.push({
      ...{ n, source, key: `${source}-${n % 2}`, isFiltered: false, hash, sentAtMs, answeredAtMs: sentAtMs + 5 },
      ...{ status: 200, requestId, isDuplicate: false, providerId: null },
    });
    receipts.push({
      ...{ destination, eventId, requestId, connectionId, attempt: 1, n, hash, atMs: sentAtMs + 20, lateMs: 0 },
      ...{ endedAtMs: sentAtMs + 30, status: 200, isSigned: true, signedAtMs: START_MS },
    });
    requests.push({
      ...{ id: requestId, teamId, sourceId, n, isAccepted: true, duplicateOf: null },
      ...{ eventsCount: 1, ignoredCount: 0, createdAtMs: sentAtMs + 1 },
    });
    events.push({
      ...{ id: eventId, teamId, requestId, connectionId, status: "DELIVERED", attempts: 1, holdReason: null },
      ...{ nextAttemptAtMs: null, createdAtMs: sentAtMs + 6 },
    });
    attempts.push({
      ...{ id: `att_${n}`, teamId, eventId, connectionId, number: 1, trigger: "INITIAL", status: 200 },
      ...{ errorCode: null, latencyMs: 15, createdAtMs: sentAtMs + 18 },
    });
  }
  const none = { minuteMs: START_MS, accepted: 0, duplicates: 0, events: 0, attempts: 0, delivered: 0 };
  const told: Told = {
    ...{ teamId, requests, events, attempts, bodies: new Map([[requestOf(firstN), `hash of ${firstN}`]]) },
    counted: [
      { ...none, key: sourceId, accepted: EVENTS },
      { ...none, key: connectionId, events: EVENTS, attempts: EVENTS, delivered: EVENTS },
      { ...none, key: sourceId, minuteMs: START_MS + MINUTE_MS },
    ],
    foreign: [{ path: `/events/${eventOf(firstN)}`, status: 404 }],
  };
  const wire: Wire = { team, source, sourceId, connectionId, destination, hasFilter: false, isPartial: false };
  return { sent, receipts, told, wire };
}

/** Nothing is wrong in it. Each call makes it anew, to be changed. */
export function soundEvidence(): Evidence {
  const [ours, theirs] = [writeTeam("ours", 1), writeTeam("theirs", 1 + EVENTS)];
  return {
    sent: [...ours.sent, ...theirs.sent],
    receipts: [...ours.receipts, ...theirs.receipts],
    faults: [],
    quiets: [],
    replays: [],
    wires: [ours.wire, theirs.wire],
    limits: [
      {
        ...{ destination: "ordered", ratePerSecond: 10, concurrency: 2, isMeasured: true, isOrdered: true },
      },
      { destination: "stranger", ratePerSecond: null, concurrency: 25, isMeasured: false, isOrdered: false },
    ],
    told: { ours: ours.told, theirs: theirs.told },
  };
}
