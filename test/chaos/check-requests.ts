// Invariants 1, 2 and 10: nothing acknowledged is lost, nothing comes from nowhere, and no row is another team's.
import type {
  EventFact,
  Evidence,
  RequestFact,
  RunFacts,
  Sent,
  Slice,
  Team,
  Told,
  ToldRows,
  Violation,
  Wire,
} from "./logs.ts";

const TERMINAL = new Set(["DELIVERED", "FAILED", "CANCELLED"]);
/** The waits that say for themselves why and until when. */
const isVisiblyWaiting = ({ status, holdReason, nextAttemptAtMs }: EventFact) =>
  (status === "HOLD" && holdReason !== null) ||
  ((status === "SCHEDULED" || status === "RETRYING") && nextAttemptAtMs !== null);

const isAcknowledged = ({ requestId }: Sent) => requestId !== null;

/** How many events a request must have on a connection: exactly, or at most. */
function owed(wire: Wire, sent: Sent): { events: number; isAtMost: boolean } {
  const passes = !sent.isDuplicate && !(wire.hasFilter && sent.isFiltered);
  return { events: passes ? 1 : 0, isAtMost: wire.isPartial };
}

/** Invariant 1. */
export function checkAcknowledged({ sent, wires, told }: Evidence): Violation[] {
  const lost = (sentence: string): Violation => ({ invariant: 1, sentence });
  const requests = new Map([...told.ours.requests, ...told.theirs.requests].map((request) => [request.id, request]));
  const events = Map.groupBy(
    [...told.ours.events, ...told.theirs.events],
    ({ requestId, connectionId }) => `${requestId} ${connectionId}`,
  );
  const wiresOf = Map.groupBy(wires, ({ source }) => source);
  const problems = sent.filter(isAcknowledged).flatMap((one) => {
    const request = requests.get(one.requestId ?? "");
    if (!request) return [lost(`${one.requestId} (${one.n}) was acknowledged and the API does not know it.`)];
    if (request.n !== one.n)
      return [lost(`${request.id} was acknowledged for ${one.n} and is stored as ${request.n}.`)];
    return (wiresOf.get(one.source) ?? []).flatMap((wire) => {
      const found = events.get(`${request.id} ${wire.connectionId}`) ?? [];
      const { events: count, isAtMost } = owed(wire, one);
      if (found.length === count || (isAtMost && found.length < count)) return [];
      return [lost(`${request.id} (${one.n}) has ${found.length} events for ${wire.destination}, not ${count}.`)];
    });
  });
  const stuck = [...events.values()]
    .flat()
    .filter((event) => !TERMINAL.has(event.status) && !isVisiblyWaiting(event))
    .map((event) => lost(`${event.id} is ${event.status} and does not say why.`));
  return [...problems, ...stuck, ...checkBodies({ sent, told })];
}

function checkBodies({ sent, told }: Pick<Evidence, "sent" | "told">): Violation[] {
  const hashes = new Map(sent.map(({ requestId, hash }) => [requestId, hash]));
  return [...told.ours.bodies, ...told.theirs.bodies]
    .filter(([id, hash]) => hashes.has(id) && hashes.get(id) !== hash)
    .map(([id]) => ({ invariant: 1, sentence: `${id} is stored with other bytes than were sent.` }));
}

/** Invariant 2: also what was answered with a refusal, or not at all, is stored once at most. */
export function makeOriginCheck() {
  // Of what a provider sends several times, over whichever gateways, one is new. The copies may lie in two slices.
  const firsts = new Map<string, number>();
  const found = (sentence: string): Violation => ({ invariant: 2, sentence });
  return {
    add({ sent, told }: Slice): Violation[] {
      for (const { providerId, requestId, isDuplicate } of sent) {
        if (providerId !== null && requestId !== null && !isDuplicate)
          firsts.set(providerId, (firsts.get(providerId) ?? 0) + 1);
      }
      return findStrangers(sent, [told.ours, told.theirs]).map(found);
    },
    end: (): Violation[] =>
      [...firsts]
        .filter(([, copies]) => copies > 1)
        .map(([providerId, copies]) => found(`${providerId} was taken for new ${copies} times.`)),
  };
}

function findStrangers(sent: readonly Sent[], all: readonly ToldRows[]): string[] {
  const known = new Set(sent.map(({ n }) => n));
  const requests = new Map(all.flatMap((team) => team.requests).map((request) => [request.id, request]));
  const seen = new Map<number, RequestFact>();
  const strange = [...requests.values()].flatMap((request) => {
    const before = seen.get(request.n);
    seen.set(request.n, request);
    if (!known.has(request.n)) return [`${request.id} is stored and nobody sent it.`];
    return before ? [`${request.id} and ${before.id} are one request, ${request.n}, that was sent once.`] : [];
  });
  const orphans = all
    .flatMap((team) => team.events)
    .filter(({ requestId }) => !requests.has(requestId))
    .map(({ id, requestId }) => `${id} is an event of ${requestId}, which the API does not know.`);
  return [...strange, ...orphans];
}

/** Invariant 10. */
export function checkTeams({ told, wires, receipts }: Evidence): Violation[] {
  const problems = (["ours", "theirs"] as const).flatMap((team) => checkTeam(told[team], wires, team));
  const teamOf = new Map(wires.map(({ destination, team }) => [destination, team]));
  const idsOf = {
    ours: new Set(told.ours.events.map(({ id }) => id)),
    theirs: new Set(told.theirs.events.map(({ id }) => id)),
  };
  const other = { ours: "theirs", theirs: "ours" } as const;
  const strayed = receipts.flatMap(({ destination, eventId }) => {
    const team = teamOf.get(destination);
    return team && idsOf[other[team]].has(eventId) ? [`${eventId} came to ${destination}, of another team.`] : [];
  });
  return [...problems, ...strayed].map((sentence) => ({ invariant: 10, sentence }));
}

function checkTeam(told: Told, wires: readonly Wire[], team: Team): string[] {
  const rows = [...told.requests, ...told.events, ...told.attempts];
  const theirs = rows.filter(({ teamId }) => teamId !== told.teamId);
  const own = new Set(wires.filter((wire) => wire.team === team).map(({ connectionId }) => connectionId));
  const wired = told.events.filter(({ connectionId }) => !own.has(connectionId));
  return [
    ...theirs.map(({ id, teamId }) => `${id} was listed to ${told.teamId} and is of ${teamId}.`),
    ...wired.map(({ id, connectionId }) => `${id} of ${told.teamId} is on ${connectionId}, which is not its own.`),
  ];
}

/** Invariant 10: whoever asks for ids of another team is told of none. */
export const checkForeign = ({ told }: Pick<RunFacts, "told">): Violation[] =>
  [...told.ours.foreign, ...told.theirs.foreign]
    .filter(({ status }) => status !== 404)
    .map(({ path, status }) => ({ invariant: 10, sentence: `${path} answered another team with ${status}.` }));
