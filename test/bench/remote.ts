// Calls between the bench and its child processes over their IPC channel: a table of async functions on one side, a proxy
// of the same type on the other.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";

type Calls = Record<string, (input: never) => Promise<unknown>>;
interface Question {
  id: number;
  name: string;
  input: unknown;
}
interface Answer {
  id: number;
  result?: unknown;
  error?: string;
}

/** Answers the parent's calls for as long as it lives; then this process ends. */
export function serveParent(calls: Calls): void {
  process.on("message", async (message) => {
    const { id, name, input } = message as Question;
    const answer = await (calls[name]?.(input as never) ?? Promise.reject(new Error(`There is no call ${name}.`))).then(
      (result): Answer => ({ id, result }),
      (error: Error): Answer => ({ id, error: error.stack ?? error.message }),
    );
    process.send?.(answer);
  });
  process.on("disconnect", () => process.exit(0));
}

export interface Remote<C extends Calls> {
  pid: number;
  call<N extends keyof C & string>(name: N, input: Parameters<C[N]>[0]): Promise<Awaited<ReturnType<C[N]>>>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts `file` as a process and session of its own, as the roles are, and waits for nothing: calls wait for it. */
export function startRemote<C extends Calls>(file: string): Remote<C> {
  const child: ChildProcess = fork(file, { stdio: ["ignore", 2, 2, "ipc"], execArgv: [], detached: true });
  const waiting = new Map<number, { resolve: (result: never) => void; reject: (error: Error) => void }>();
  let nextId = 0;
  child.on("message", (message) => {
    const { id, result, error } = message as Answer;
    const caller = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) caller?.resolve(result as never);
    else caller?.reject(new Error(error));
  });
  child.on("exit", (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`${file} ended with ${signal ?? code}.`));
  });
  return {
    pid: child.pid ?? 0,
    call: (name, input) =>
      new Promise((resolve, reject) => {
        waiting.set(nextId, { resolve, reject });
        child.send({ id: nextId++, name, input } satisfies Question);
      }),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, "exit");
      child.disconnect();
      await gone;
    },
  };
}
