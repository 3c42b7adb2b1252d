// The command line with a home of its own: in this process, or in one of its own where it goes on until it is stopped.
import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough, Readable } from "node:stream";
import { text as textOf } from "node:stream/consumers";
import { runCli } from "#server/cli/run-cli.ts";
import { PROJECT_ROOT } from "#server/start/build.ts";

export interface Cli extends AsyncDisposable {
  home: string;
  /** In this process: a command that ends by itself. */
  run(words: string[], options?: CliOptions): Promise<CliResult>;
  /** In a process of its own: a command that goes on until it is stopped. */
  start(words: string[], env?: Record<string, string>): RunningCli;
}
interface CliOptions {
  env?: Record<string, string>;
  input?: string;
  /** As Ctrl-C would. */
  stop?: AbortSignal;
}
export interface CliResult {
  code: number | null;
  out: string;
  err: string;
}
export interface RunningCli {
  /** Resolves to the first line that fits, of those that came and those that come. */
  line(fits: (line: string) => boolean, patienceMs?: number): Promise<string>;
  signal(name: NodeJS.Signals): void;
  ended: Promise<CliResult>;
}

const NEVER = new AbortController().signal;

export async function makeCli(env: Record<string, string>): Promise<Cli> {
  const home = await mkdtemp(join(tmpdir(), "switchyard-cli-"));
  const own = { HOME: home, XDG_CONFIG_HOME: join(home, "config"), ...env };
  const children = new Set<ChildProcessWithoutNullStreams>();
  const open = (words: string[], more: Record<string, string> = {}) => {
    const path = `${join(PROJECT_ROOT, "node_modules/.bin")}:/usr/bin:/bin`;
    const child = spawn(process.execPath, [join(PROJECT_ROOT, "server/cli/bin.js"), ...words], {
      env: { NODE_ENV: "production", PATH: path, ...own, ...more },
    });
    children.add(child);
    child.once("exit", () => children.delete(child));
    return watch(child);
  };
  return {
    home,
    async run(words, { env: more = {}, input = "", stop = NEVER } = {}) {
      const [out, err] = [new PassThrough(), new PassThrough()];
      const texts = Promise.all([textOf(out), textOf(err)]);
      const streams = { input: Readable.from([input]), out, err };
      const around = { env: { ...own, ...more }, ...streams, stop, lend: <T>(run: () => Promise<T>) => run() };
      const code = await runCli(words, around);
      out.end();
      err.end();
      const [said, complained] = await texts;
      return { code, out: said, err: complained };
    },
    start: (words, more) => open(words, more),
    async [Symbol.asyncDispose]() {
      for (const child of children) child.kill("SIGKILL");
      await rm(home, { recursive: true, force: true });
    },
  };
}

function watch(child: ChildProcessWithoutNullStreams): RunningCli & { child: ChildProcessWithoutNullStreams } {
  let [out, err] = ["", ""];
  const watchers = new Set<() => void>();
  const tell = () => {
    for (const watcher of watchers) watcher();
  };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
    tell();
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
    tell();
  });
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, out, err }));
  void ended.then(tell);
  return {
    child,
    ended,
    signal: (name) => void child.kill(name),
    line: (fits, patienceMs = 20_000) =>
      new Promise((resolve, reject) => {
        const stop = (settle: () => void) => {
          clearTimeout(timer);
          watchers.delete(look);
          settle();
        };
        const look = () => {
          const found = out.split("\n").slice(0, -1).find(fits);
          if (found !== undefined) stop(() => resolve(found));
          else if (child.exitCode !== null) stop(() => reject(new Error(`It ended before. ${out}\n${err}`)));
        };
        const timer = setTimeout(
          () => stop(() => reject(new Error(`No such line after ${patienceMs} ms. ${out}\n${err}`))),
          patienceMs,
        );
        watchers.add(look);
        look();
      }),
  };
}
