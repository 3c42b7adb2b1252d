// Everything that a command takes from its process: words, environment, streams and the wish to stop.
import type { Readable, Writable } from "node:stream";

export interface Surroundings {
  env: Readonly<Record<string, string | undefined>>;
  input: Readable & { isTTY?: boolean | undefined };
  out: Writable & { isTTY?: boolean | undefined; columns?: number | undefined };
  err: Writable & { isTTY?: boolean | undefined };
  /** Aborted by the first Ctrl-C, or by SIGTERM. */
  stop: AbortSignal;
  /** Runs what has the terminal meanwhile, such as an editor: Ctrl-C is then for that alone. */
  lend<T>(run: () => Promise<T>): Promise<T>;
}

/** Of the process that runs. A second Ctrl-C ends it at once. */
export function ofThisProcess(): Surroundings {
  const { env, stdin: input, stdout: out, stderr: err } = process;
  const stop = new AbortController();
  let isLent = false;
  const end = () => {
    if (stop.signal.aborted) process.exit(130);
    stop.abort();
  };
  process.on("SIGINT", () => {
    if (!isLent) end();
  });
  process.on("SIGTERM", end);
  // Whoever reads the output, such as `head`, may have enough of it.
  out.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));
  const lend = async <T>(run: () => Promise<T>): Promise<T> => {
    isLent = true;
    try {
      return await run();
    } finally {
      isLent = false;
    }
  };
  return { env, input, out, err, stop: stop.signal, lend };
}
