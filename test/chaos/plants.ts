// Bugs that are planted in the product itself, each with the faults that show it and the invariants that must then be reported broken.
import type { FaultKind } from "./fault-kinds.ts";
import type { Violation } from "./logs.ts";
import type { Edit } from "./plant-edits.ts";
import type { Fault } from "./schedule.ts";

export interface Plant {
  name: string;
  bug: string;
  /** The role that has it. */
  role: "gateway" | "worker";
  edits: Edit[];
  /** One of these must be reported broken. */
  invariants: number[];
  minutes: number;
  /** In place of a schedule by the seed. */
  script: Fault[];
}

/** @param pick which of those that it can hit, from 0 up to 1 */
const fault = (kind: FaultKind, fromSeconds: number, seconds: number, pick = 0): Fault => ({
  ...{ kind, atMs: fromSeconds * 1_000, lengthMs: seconds * 1_000 },
  ...{ pick, strength: 0.5 },
});

/** Of two roles of a kind. */
const [FIRST, SECOND] = [0, 0.5];
/** Of all four. */
const GATEWAYS = [0, 0.25];
const WORKERS = [0.5, 0.75];

/** Commits whose answers are lost, of two roles in turns. */
const cutAnswers = (roles: readonly number[]): Fault[] =>
  Array.from({ length: 10 }, (_, i) => fault("database-answers-cut", 2 + 1.5 * i, 0.3, roles[i % roles.length]));

const SETTLE = "server/delivery/settle.sql.ts";

export const PLANTS: Plant[] = [
  {
    name: "answer-before-commit",
    bug: "The door acknowledges a request before its transaction is committed.",
    role: "gateway",
    edits: [
      {
        file: "server/ingest/door.ts",
        find: `const { duplicateOf, isFree } = await writer.store(arrival);
      answerAccepted(response, source.config.custom_response, arrival.id, duplicateOf);`,
        // A provider's repeats are told as ever: these alone would show the bug without any fault.
        replace: `const isEarly = arrival.duplicate_key === undefined;
      if (isEarly) answerAccepted(response, source.config.custom_response, arrival.id, null);
      const stored = writer.store(arrival);
      const { duplicateOf, isFree } = await (isEarly ? stored.catch(() => ({ duplicateOf: null, isFree: undefined })) : stored);
      if (!isEarly) answerAccepted(response, source.config.custom_response, arrival.id, duplicateOf);`,
      },
    ],
    invariants: [1],
    minutes: 0.35,
    // Commits take milliseconds: many are under way at a kill only where Postgres stands still.
    script: [
      fault("postgres-freeze", 3, 3),
      fault("gateway-kill", 4.9, 0, FIRST),
      fault("postgres-freeze", 10, 3),
      fault("gateway-kill", 11.9, 0, SECOND),
      fault("gateway-kill", 16, 0, FIRST),
    ],
  },
  {
    name: "store-twice",
    bug: "The door stores a batch whose answer was lost once more, under new ids.",
    role: "gateway",
    edits: [
      {
        file: "server/ingest/accept-writer.ts",
        find: "acceptBatch(pool, arrivals, {",
        replace: `acceptBatch(pool, arrivals.map((one) => (
          { ...one, id: one.id.slice(0, -1) + (one.id.endsWith("0") ? "1" : "0") })), {`,
      },
    ],
    invariants: [2],
    minutes: 0.3,
    script: cutAnswers(GATEWAYS),
  },
  {
    name: "deliver-refused",
    bug: "Any answer counts as delivered, a 500 too.",
    role: "worker",
    edits: [
      {
        file: "server/delivery/attempt-event.ts",
        find: 'result.kind === "response" && result.status >= 200 && result.status < 300;',
        replace: 'result.kind === "response";',
      },
    ],
    invariants: [3],
    minutes: 0.2,
    script: [fault("receiver-500", 2, 5)],
  },
  {
    name: "send-twice",
    bug: "A lane makes each attempt twice.",
    role: "worker",
    edits: [
      {
        file: "server/delivery/lane.ts",
        find: "for (const send of sendable) void launch(state, send);",
        replace: "for (const send of [...sendable, ...sendable]) void launch(state, send);",
      },
    ],
    invariants: [4],
    minutes: 0.2,
    script: [],
  },
  {
    name: "no-fencing",
    bug: "A worker that lost its leases goes on: its lanes send, and their results move events.",
    role: "worker",
    edits: [
      {
        file: "server/delivery/held-lease.ts",
        find: "isHeld: () => clock.monotonicMs() < heldUntilMs",
        replace: "isHeld: () => true",
      },
      {
        file: SETTLE,
        find: "join lane using (destination_id, token)",
        replace: "join lane using (destination_id)",
      },
    ],
    invariants: [4, 5],
    minutes: 1.2,
    // Longer than a lease and the look for what is free, and so far apart that between them nothing explains a repeat.
    script: [fault("worker-freeze", 3, 20, FIRST), fault("worker-freeze", 40, 20, SECOND)],
  },
  {
    name: "ignore-concurrency",
    bug: "A lane sends twice as many at once as its destination allows.",
    role: "worker",
    edits: [
      {
        file: "server/delivery/pace.ts",
        find: ": concurrency) - sends.size",
        replace: ": 2 * concurrency) - sends.size",
      },
    ],
    invariants: [5],
    minutes: 0.25,
    // There are many at once only where some have waited.
    script: [fault("worker-freeze", 3, 4, FIRST), fault("worker-freeze", 3, 4, SECOND)],
  },
  {
    name: "settle-twice",
    bug: "A result whose commit was not answered is settled and counted once more.",
    role: "worker",
    edits: [
      {
        file: SETTLE,
        find: "where not exists (select from attempt a",
        replace: "where true or not exists (select from attempt a",
      },
      {
        file: SETTLE,
        find: "from fresh where attempt_id is not null",
        replace: "from fresh where attempt_id is not null on conflict do nothing",
      },
      // `and` binds closer: the state of the event, which stands behind it, is not asked any more.
      {
        file: SETTLE,
        find: "and e.id = i.event_id and e.id between $2 and $3",
        replace: "and e.id = i.event_id and e.id between $2 and $3 or false",
      },
    ],
    invariants: [6],
    minutes: 0.3,
    script: cutAnswers(WORKERS),
  },
  {
    name: "wrong-signature",
    bug: "A signature is made of the body alone, without id and time.",
    role: "worker",
    edits: [{ file: "server/delivery/sign.ts", find: "digest([head, body])", replace: "digest([body])" }],
    invariants: [7],
    minutes: 0.2,
    script: [],
  },
  {
    name: "ignore-pause",
    bug: "Whoever routes or delivers does not see that a connection is paused.",
    role: "worker",
    edits: [
      {
        file: "server/config/config-cache.ts",
        find: "rules, quietHours, isPaused, isDisabled });",
        replace: "rules, quietHours, isPaused: false, isDisabled });",
      },
    ],
    invariants: [8],
    minutes: 0.2,
    script: [fault("pause", 2, 6)],
  },
  {
    name: "replay-as-retry",
    bug: "The attempt of a replay says that it is a retry.",
    role: "gateway",
    edits: [
      {
        file: "server/events/moves.sql.ts",
        find: "trigger = $3,",
        replace: "trigger = replace($3::text, 'MANUAL', 'AUTOMATIC'),",
      },
    ],
    invariants: [9],
    minutes: 0.2,
    script: [fault("replay", 5, 0, 0.2), fault("replay", 7, 0, 0.4), fault("replay", 9, 0, 0.6)],
  },
  {
    name: "cross-teams",
    bug: "An event is shown to every team that knows its id.",
    role: "gateway",
    edits: [{ file: "server/resources/events.sql.ts", find: "where e.team_id = ", replace: "where '' <> " }],
    invariants: [10],
    minutes: 0.2,
    script: [],
  },
];

/** Whether the verdict has found the bug, and the sentence that says by which findings. */
export function judgePlant(
  { name, invariants }: Pick<Plant, "name" | "invariants">,
  violations: readonly Violation[],
): { isFound: boolean; sentence: string } {
  const counts = [...Map.groupBy(violations, ({ invariant }) => invariant)].toSorted(([a], [b]) => a - b);
  const [right, others] = [true, false].map((isRight) =>
    counts
      .filter(([invariant]) => invariants.includes(invariant) === isRight)
      .map(([invariant, { length }]) => `${invariant} (${length} ${length === 1 ? "finding" : "findings"})`)
      .join(", "),
  );
  const besides = others ? ` Also broken: ${others}.` : "";
  if (right) return { isFound: true, sentence: `FOUND        ${name}, by invariant ${right}.${besides}` };
  const wanted = `invariant ${invariants.join(" or ")} should be broken, and holds.`;
  return { isFound: false, sentence: `NOT FOUND    ${name}: ${wanted}${besides}` };
}
