// A run: calls of every operation until the time is up, each answer checked, and a count of what was reached.
import { type Answer, isSuccess, makeChecks, type Secrets } from "./check-answer.ts";
import { type OpenApi, type Operation, operationsOf } from "./document.ts";
import { type Caller, type Known, rightCall, strangeCall, wrongCall } from "./make-calls.ts";
import { IDS, makePool, type Pool } from "./pool.ts";
import { makeRandom } from "./random.ts";
import type { SentCall, Team } from "./sent-call.ts";
import { shrunkCall } from "./shrunk-call.ts";

export interface ContractTarget {
  document: OpenApi;
  send(call: SentCall): Promise<Answer>;
  teams: Record<Team, ContractTeam>;
  /** @param ids of what is there now, by resource */
  known(operation: Operation, ids: Record<string, string>): Known;
  /** Makes the state that an operation asks for, where calls alone do not bring it about for sure; what it names is put into the team's ids. */
  prepare(operation: Operation, team: ContractTeam): Promise<void>;
  canaries: readonly string[];
}

export interface ContractTeam {
  id: string;
  key: string;
  readKey: string;
  /** One id of each kind of resource. */
  ids: Record<string, string>;
  /** The ids of its keys, which no call may revoke. */
  ownIds: readonly string[];
}

export interface Violation {
  sentences: string[];
  sent: SentCall;
  answer: Answer;
}

export interface ContractOutcome {
  calls: number;
  statuses: Map<number, number>;
  violations: Violation[];
  /** Names of operations that never had their success, and of those that were never refused. */
  neverDone: string[];
  neverRefused: string[];
}

export interface ContractOptions {
  seed: number;
  /** Calls with something wrong for each operation, in each round. */
  wrongCalls: number;
  /** Asked after each round. */
  isOver(rounds: number): boolean;
  /** Told as they are found. */
  onViolation?(violation: Violation): void;
}

/** A success needs the right state, which earlier calls bring about. */
const TRIES = 10;
/** What brings about the state that an operation asks for. */
const EARLIER: Record<string, string> = {
  "versions.restore": "versions.list",
};
const OTHER: Record<Team, Team> = { ours: "theirs", theirs: "ours" };
/** The other team calls too, so that there is something of it to be seen. */
const THEIR_SHARE = 0.15;

export async function runContract(target: ContractTarget, options: ContractOptions): Promise<ContractOutcome> {
  const run = makeRun(target, options);
  for (let round = 0; round === 0 || !options.isOver(round); round++) await run.round();
  return run.outcome();
}

function makeRun(target: ContractTarget, options: ContractOptions) {
  const operations = operationsOf(target.document);
  const random = makeRandom(options.seed);
  const pools = { ours: poolOf(target.teams.ours), theirs: poolOf(target.teams.theirs) };
  const marks = { ours: `q${options.seed}ours`, theirs: `q${options.seed}theirs` };
  const canary = `cAnArY-${options.seed}-Qz`;
  const ids = { ours: new Set<string>(), theirs: new Set<string>() };
  const secrets: Secrets = { canaries: [canary, ...target.canaries], marks, ids };
  const check = makeChecks(target.document, secrets);
  const resources = new Set(operations.map(({ resource }) => resource));
  const done = new Set<string>();
  const refused = new Set<string>();
  const statuses = new Map<number, number>();
  const violations: Violation[] = [];
  let calls = 0;

  const callerOf = (team: Team): Caller => {
    const caller: Caller = {
      document: target.document,
      ...{ random, pool: pools[team], mark: marks[team], canary, team },
      ...{ key: target.teams[team].key, readKey: target.teams[team].readKey },
      foreign: target.teams[OTHER[team]].ids,
      foreignTeam: target.teams[OTHER[team]].id,
      known: (operation) => target.known(operation, idsOf(caller, operations, target.teams[team].ids)),
    };
    return caller;
  };
  const callers = { ours: callerOf("ours"), theirs: callerOf("theirs") };

  async function call(sent: SentCall): Promise<Answer> {
    const answer = await target.send(sent);
    calls++;
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    const sentences = check(sent, answer);
    note(sent, answer);
    if (sentences.length > 0) await tell({ sentences, sent, answer });
    return answer;
  }
  async function tell(violation: Violation) {
    const shrunk = await shrunkCall(violation, async (sent) => {
      const answer = await target.send(sent);
      return { sentences: check(sent, answer), sent, answer };
    });
    violations.push(shrunk);
    options.onViolation?.(shrunk);
  }
  function note(sent: SentCall, answer: Answer) {
    const { operation, team } = sent;
    if (!operation) return;
    if (isSuccess(operation, answer)) {
      done.add(operation.name);
      learn(sent, answer);
    } else if (answer.status >= 400) refused.add(operation.name);
    const [, id] = /^\/v1\/[^/]+\/([^/?]+)/.exec(sent.target) ?? [];
    const isGone = operation.method === "DELETE" ? answer.status < 300 : answer.status === 404;
    if (isGone && id !== undefined) pools[team].forget(operation.resource, id);
  }
  function learn({ operation, team, target: asked, body }: SentCall, { status, text }: Answer) {
    if (!operation?.answers.get(status)?.isJson || operation.method === "DELETE") return;
    const told = `${asked} ${body?.toString() ?? ""}`;
    for (const [id] of text.matchAll(IDS)) if (!told.includes(id)) ids[team].add(id);
    pools[team].learn(operation.resource, JSON.parse(text));
  }

  async function make(caller: Caller, { resource }: Operation) {
    const create = operations.find(({ method, path }) => method === "POST" && path === `/v1/${resource}`);
    if (create) await call(rightCall(caller, create, true));
  }
  /** What an operation names has to be there: for one that removes, something that nothing hangs on. */
  async function provide(caller: Caller, operation: Operation) {
    const isGone = operation.path.includes("{") && caller.pool.ids(operation.resource).length === 0;
    if (isGone || operation.method === "DELETE") await make(caller, operation);
    const team = target.teams[caller.team];
    await target.prepare(operation, team);
    for (const resource of resources)
      if (team.ids[resource] !== undefined) caller.pool.add(resource, team.ids[resource]);
    const earlier = operations.find(({ name }) => name === EARLIER[operation.name]);
    if (earlier) await call(rightCall(caller, earlier, true));
  }
  async function untilDone(caller: Caller, operation: Operation) {
    for (let tries = 0; tries < TRIES; tries++) {
      await provide(caller, operation);
      const answer = await call(rightCall(caller, operation, tries % 3 !== 2));
      if (isSuccess(operation, answer) || operation.isPersonal) return;
    }
  }
  async function round() {
    // What removes comes last, when the others have had something to work with.
    const isLast = ({ method }: Operation) => (method === "DELETE" ? 1 : 0);
    for (const operation of operations.toSorted((a, b) => isLast(a) - isLast(b))) {
      const caller = callers[random.isOneOf(THEIR_SHARE) ? "theirs" : "ours"];
      await untilDone(caller, operation);
      await call(strangeCall(caller, operation));
      for (let i = 0; i < options.wrongCalls; i++) await call(wrongCall(caller, operation));
    }
  }

  return {
    round,
    outcome: (): ContractOutcome => ({
      calls,
      statuses,
      violations,
      neverDone: operations.filter(({ name, isPersonal }) => !isPersonal && !done.has(name)).map(({ name }) => name),
      neverRefused: operations.filter(({ name }) => !refused.has(name)).map(({ name }) => name),
    }),
  };
}

function poolOf({ ids, ownIds, id }: ContractTeam): Pool {
  const pool = makePool(new Set(ownIds));
  for (const [resource, known] of Object.entries({ ...ids, teams: id })) pool.add(resource, known);
  return pool;
}

/** One id of each kind that is there now: the newest, or by chance the first that there was. */
function idsOf(
  { pool, random }: Caller,
  operations: readonly Operation[],
  planted: Record<string, string>,
): Record<string, string> {
  const isFirst = random.isOneOf(0.5);
  const resources = new Set(operations.map(({ resource }) => resource));
  const newest = [...resources].flatMap((resource) => {
    const ids = pool.ids(resource);
    const id = typeof ids[0] === "number" ? Math.max(...ids.map(Number)) : ids.at(-1);
    const isKept = isFirst && ids.includes(planted[resource]);
    return id === undefined || isKept ? [] : [[resource, String(id)]];
  });
  return { ...planted, ...Object.fromEntries(newest) };
}
