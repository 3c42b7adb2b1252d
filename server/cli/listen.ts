// A session of `switchyard listen`: it takes events from the gateway, gives them to the person's server and brings the
// answers back. It goes on through restarts of the gateway, and says aloud while it is not connected.
import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Switchyard,
  SwitchyardError,
  type TunnelsNextInput,
  type TunnelsNextOutput,
} from "#server/sdk/switchyard.ts";
import { CommandError, EXIT, isUnreachable } from "./exit-code.ts";
import { forward, type LocalAnswer, type Target } from "./forward.ts";

type TunnelEvent = TunnelsNextOutput["events"][number];

/** What happens in a session, for whoever shows it. */
export type Happening =
  | { kind: "listening"; id: string; name: string; sources: string[] }
  | { kind: "away"; because: string }
  | { kind: "back" }
  | { kind: "renewed" }
  | { kind: "answered"; event: TunnelEvent; answer: LocalAnswer; status: string }
  | { kind: "unrecorded"; event: TunnelEvent; because: string }
  | { kind: "ended"; isClean: boolean };

export interface Session {
  client: Switchyard;
  name: string;
  /** 32 hexadecimal digits, by which the gateway knows the session again. */
  id: string;
  sources: string[];
  filter?: NonNullable<Parameters<Switchyard["tunnels"]["open"]>[0]["filter"]>;
  only: Pick<TunnelsNextInput, "methods" | "verified">;
  target: Target;
  timeoutMs: number;
  /** Events that the local server gets at a time. */
  atOnce: number;
  stop: AbortSignal;
  tell(happening: Happening): void;
}

const ASK_TIMEOUT_MS = 30_000;
const WAIT_MS = 20_000;
/** Well within the gateway's patience with a listener that asks for nothing. */
const KEEP_MS = 4_000;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 5_000;
/** The gateway takes no longer one. */
const LONGEST_LATENCY_MS = 3_600_000;
/** What is under way may finish for so long after Ctrl-C. */
const LAST_ANSWERS_MS = 5_000;

/** Runs until it is stopped. @throws CommandError or SwitchyardError where it cannot go on */
export async function runSession(session: Session): Promise<void> {
  const { client, stop, tell } = session;
  let tunnel = await open(session);
  tell({ kind: "listening", id: tunnel.id, name: tunnel.name, sources: tunnel.sources.map(({ name }) => name) });
  const underWay = new Map<string, Promise<void>>();
  const cut = new AbortController();
  setMaxListeners(0, cut.signal);
  const reach = makeReach(session);
  let isTaken = false;
  try {
    while (!stop.aborted) {
      // While the local server has all that it gets at a time, the gateway is only told that somebody is here.
      if (underWay.size >= session.atOnce) await Promise.race([...underWay.values(), pause(KEEP_MS, stop)]);
      const limit = Math.min(25, session.atOnce - underWay.size);
      const ask = { id: tunnel.id, session: session.id, busy: [...underWay.keys()], limit, wait_ms: WAIT_MS };
      const news = await reach(() =>
        client.tunnels.next({ ...ask, ...session.only }, { signal: stop, timeoutMs: ASK_TIMEOUT_MS, maxRetries: 0 }),
      );
      if (news === "stopped") break;
      if (news === "gone") {
        tunnel = await reopen(session, reach);
        continue;
      }
      for (const event of news.events) {
        const from = { tunnelId: tunnel.id, token: news.token, cut: cut.signal };
        const done = deliver(session, from, event).finally(() => underWay.delete(event.id));
        underWay.set(event.id, done);
      }
    }
  } catch (error) {
    isTaken = error instanceof SwitchyardError && error.status === 409;
    throw error;
  } finally {
    await Promise.race([Promise.allSettled(underWay.values()), sleep(LAST_ANSWERS_MS, undefined, { ref: false })]);
    // A local server that does not answer would keep this process for all the time that it may take.
    cut.abort();
    // What another listener has taken is no longer this one's to end.
    if (!isTaken) tell({ kind: "ended", isClean: await end(session, tunnel.id) });
  }
}

/** Whether nothing of the session is left at the gateway. */
const end = ({ client }: Session, id: string): Promise<boolean> =>
  client.tunnels.end({ id }, { timeoutMs: LAST_ANSWERS_MS, maxRetries: 0 }).then(
    () => true,
    (error: unknown) => error instanceof SwitchyardError && error.status === 404,
  );

const pause = (ms: number, stop: AbortSignal): Promise<void> => sleep(ms, undefined, { signal: stop }).catch(() => {});

const open = ({ client, name, id, sources, filter }: Session) =>
  client.tunnels.open({ name, session: id, sources, ...(filter && { filter }) });

type Reach = <T>(call: () => Promise<T>) => Promise<T | "gone" | "stopped">;

/** The gateway has ended the session: too much waited, or it was away for too long. */
async function reopen(session: Session, reach: Reach): Promise<Awaited<ReturnType<typeof open>>> {
  const again = await reach(() => open(session));
  if (again === "gone" || again === "stopped") throw new CommandError("Stopped.", EXIT.stopped);
  session.tell({ kind: "renewed" });
  return again;
}

/** Calls until the gateway answers, with pauses that grow; `gone` where it does not know the session. */
function makeReach({ stop, tell }: Session): Reach {
  let isAway = false;
  return async (call) => {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        const answer = await call();
        if (isAway) tell({ kind: "back" });
        isAway = false;
        return answer;
      } catch (error) {
        if (stop.aborted) return "stopped";
        if (error instanceof SwitchyardError && error.status === 404) return "gone";
        if (!isPassing(error)) throw error;
        if (!isAway) tell({ kind: "away", because: error.message });
        isAway = true;
        await pause(pauseMs, stop);
      }
    }
  };
}

/** Whether the same call may be answered in a moment. */
const isPassing = (error: unknown): error is SwitchyardError =>
  isUnreachable(error) || (error instanceof SwitchyardError && (error.status === 429 || (error.status ?? 0) >= 500));

interface From {
  tunnelId: string;
  token: string;
  /** Aborted when nobody waits for the local server any more. */
  cut: AbortSignal;
}

async function deliver(session: Session, { tunnelId, token, cut }: From, event: TunnelEvent): Promise<void> {
  const { target, timeoutMs, client, tell } = session;
  const body = Buffer.from(event.body_base64, "base64");
  const headers = event.headers as [string, string][];
  const answer = await forward(target, { ...event, headers, body }, { timeoutMs, signal: cut });
  if (cut.aborted) return;
  const input = {
    ...{ id: tunnelId, event_id: event.id, attempt_id: event.attempt_id, token },
    ...{ requested_url: answer.url.slice(0, 4_096), http_method: event.method, request_headers: answer.sentHeaders },
    ...{ response_status: answer.status, response_headers: answer.headers, error_code: answer.error },
    response_body_base64: answer.status === null ? null : answer.body.toString("base64"),
    latency_ms: Math.min(answer.latencyMs, LONGEST_LATENCY_MS),
  };
  try {
    const { status } = await record(session, () => client.tunnels.answer(input, { maxRetries: 0 }));
    tell({ kind: "answered", event, answer, status });
  } catch (error) {
    tell({ kind: "unrecorded", event, because: error instanceof Error ? error.message : String(error) });
    // The event is still due: without a pause it would come again and again.
    await pause(LONGEST_PAUSE_MS, session.stop);
  }
}

/** Brings an answer to the gateway, however long that is away: the same one may come twice. */
async function record<T>({ stop }: Session, call: () => Promise<T>): Promise<T> {
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    try {
      return await call();
    } catch (error) {
      if (stop.aborted || !isPassing(error)) throw error;
      await pause(pauseMs, stop);
    }
  }
}
