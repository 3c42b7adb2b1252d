// The producer's log, the API and the receivers' logs, held against each other. Pure.
import type { EventStatus, EventSummary } from "#server/contracts/event.ts";
import type { RequestSummary } from "#server/contracts/request.ts";
import type { Acknowledged, Sent } from "./producer.ts";
import type { Receipt } from "./receivers.ts";

const FINAL: ReadonlySet<EventStatus> = new Set(["DELIVERED", "FAILED", "CANCELLED"]);

/** What the API says of this run, as far as the lists reach. */
export interface Recorded {
  requests: RequestSummary[];
  events: EventSummary[];
}

export interface Tally {
  sent: number;
  accepted: number;
  rejected: number;
  duplicates: number;
  events: number;
  delivered: number;
  failed: number;
  waiting: number;
  /** Attempts after the first. */
  retries: number;
  ignored: number;
}

/** Only what was acknowledged to this run: others may send to the same sources. */
export function ofThisRun(recorded: Recorded, acknowledged: Acknowledged[]): Recorded {
  const ids = new Set(acknowledged.map(({ requestId }) => requestId));
  return {
    requests: recorded.requests.filter(({ id }) => ids.has(id)),
    events: recorded.events.filter(({ request_id }) => ids.has(request_id)),
  };
}

export function tally(sent: Sent, { requests, events }: Recorded): Tally {
  const count = (status: EventStatus) => events.filter((event) => event.status === status).length;
  return {
    sent: sent.count,
    accepted: sent.acknowledged.length,
    rejected: sent.refusedCount,
    duplicates: requests.filter(({ duplicate_of }) => duplicate_of !== null).length,
    events: events.length,
    delivered: count("DELIVERED"),
    failed: count("FAILED") + count("CANCELLED"),
    waiting: events.filter(({ status }) => !FINAL.has(status)).length,
    retries: events.reduce((sum, { attempts }) => sum + Math.max(0, attempts - 1), 0),
    ignored: requests.reduce((sum, request) => sum + request.ignored_count, 0),
  };
}

const branches = (request: RequestSummary) => request.events_count + request.ignored_count;

/** Whether every acknowledged request has reached its end on each of its connections. */
export function isSettled(acknowledged: Acknowledged[], { requests, events }: Recorded): boolean {
  const byId = new Map(requests.map((request) => [request.id, request]));
  const isRouted = acknowledged.every(({ requestId, source, isDuplicate }) => {
    const request = byId.get(requestId);
    return request !== undefined && (isDuplicate || branches(request) === source.connections);
  });
  return isRouted && events.every(({ status }) => FINAL.has(status));
}

function checkRequest(entry: Acknowledged, request: RequestSummary | undefined): string[] {
  const { requestId, source, isDuplicate } = entry;
  if (!request) return [`${requestId} was acknowledged to ${source.provider.name} but the API does not know it.`];
  if (isDuplicate) return branches(request) === 0 ? [] : [`${requestId} is a duplicate but was routed.`];
  const made = branches(request);
  return made === source.connections ? [] : [`${requestId} has ${made} of ${source.connections} branches.`];
}

function checkEvent(event: EventSummary, bodyHash: string | undefined, receipts: Receipt[]): string[] {
  const taken = receipts.filter(({ status }) => status === 200);
  if (!FINAL.has(event.status)) return [`${event.id} is still ${event.status}.`];
  if (event.status !== "DELIVERED")
    return taken.length === 0 ? [] : [`${event.id} is ${event.status} but a receiver took it.`];
  const problems: string[] = [];
  if (taken.length === 0) problems.push(`${event.id} is DELIVERED but no receiver took it.`);
  if (taken.length > 1) problems.push(`${event.id} was taken ${taken.length} times.`);
  if (receipts.length !== event.attempts) {
    problems.push(`${event.id} records ${event.attempts} attempts, the receivers saw ${receipts.length}.`);
  }
  if (receipts.some((receipt) => receipt.bodyHash !== bodyHash))
    problems.push(`${event.id} arrived with other bytes than were sent.`);
  return problems;
}

/** Everything that does not add up, one sentence each; empty when all is well. */
export function findProblems(sent: Sent, { requests, events }: Recorded, receipts: Receipt[]): string[] {
  const requestsById = new Map(requests.map((request) => [request.id, request]));
  const bodyHashes = new Map(sent.acknowledged.map(({ requestId, bodyHash }) => [requestId, bodyHash]));
  const receiptsByEvent = Map.groupBy(receipts, ({ eventId }) => eventId);
  const refusals = sent.badSignatureCount - sent.refusedCount;
  return [
    ...sent.problems,
    ...(refusals === 0 ? [] : [`${refusals} bad signatures were not refused.`]),
    ...sent.acknowledged.flatMap((entry) => checkRequest(entry, requestsById.get(entry.requestId))),
    ...events.flatMap((event) =>
      checkEvent(event, bodyHashes.get(event.request_id), receiptsByEvent.get(event.id) ?? []),
    ),
  ];
}
