// Reads YAML on a thread that is ended when it takes too long: a text can be written so that it costs far more than its bytes. A thread
// that has read a small text is kept for the next: to start one costs more processor time than all else that applies a small flow.
import { Worker } from "node:worker_threads";
import { MAX_FLOW_DOCUMENTS } from "#server/contracts/flow.ts";
import { CallerGone } from "#server/errors/app-error.ts";
import type { YamlLimits, YamlReading } from "./yaml-values.ts";

const LIMITS: YamlLimits = { documents: MAX_FLOW_DOCUMENTS, values: 100_000, depth: 50, chars: 8 * 1024 * 1024 };
const DEADLINE_MS = 5_000;
const RESOURCE_LIMITS = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 16, stackSizeMb: 8 };

const tooCostly = (): YamlReading => ({
  documents: [],
  problems: [{ line: null, column: null, path: "", message: "The file is too large or too deep to be read: part it." }],
});

const IDLE_MS = 10_000;
/** In characters. A thread that has read more has grown, and is ended. */
const SMALL_TEXT = 64 * 1024;

interface Spare {
  thread: Worker;
  forget(): void;
}
let spare: Spare | null = null;

/** Not all: by listeners of its own Node knows when to hear the thread. */
function leaveAlone(thread: Worker): void {
  for (const name of ["message", "error", "exit"]) thread.removeAllListeners(name);
}

function takeThread(): Worker {
  const kept = spare;
  kept?.forget();
  kept?.thread.ref();
  return (
    kept?.thread ??
    new Worker(new URL("./yaml-thread.ts", import.meta.url), {
      workerData: LIMITS,
      resourceLimits: RESOURCE_LIMITS,
      env: {},
    })
  );
}

/** Keeps one thread, for a while, which holds up no end of the process. */
function keepThread(thread: Worker): void {
  if (spare) return void thread.terminate();
  const end = () => {
    kept.forget();
    void thread.terminate();
  };
  const idle = setTimeout(end, IDLE_MS).unref();
  const kept: Spare = {
    thread,
    forget() {
      clearTimeout(idle);
      leaveAlone(thread);
      spare = null;
    },
  };
  thread.once("error", end);
  thread.once("exit", end);
  thread.unref();
  spare = kept;
}

/** The documents of a text, or what is wrong with it. @throws CallerGone when the caller has gone meanwhile */
export function readYaml(text: string, signal?: AbortSignal): Promise<YamlReading> {
  return new Promise((resolve, reject) => {
    const thread = takeThread();
    const leave = () => {
      clearTimeout(deadline);
      signal?.removeEventListener("abort", onGone);
      leaveAlone(thread);
    };
    const end = () => {
      leave();
      // Whatever it still says of a text that is given up is heard by nobody.
      thread.on("error", () => {});
      void thread.terminate();
    };
    const onGone = () => {
      end();
      reject(new CallerGone());
    };
    let deadline: NodeJS.Timeout | undefined;
    const giveUp = () => {
      end();
      resolve(tooCostly());
    };
    signal?.addEventListener("abort", onGone);
    thread.on("message", (said: YamlReading | "begins") => {
      if (said === "begins") {
        deadline = setTimeout(giveUp, DEADLINE_MS);
        return;
      }
      if (text.length > SMALL_TEXT) end();
      else {
        leave();
        keepThread(thread);
      }
      resolve(said);
    });
    thread.once("error", (error: NodeJS.ErrnoException) => {
      end();
      // The stack or the memory of the thread was not enough for this text.
      if (error instanceof RangeError || error.code === "ERR_WORKER_OUT_OF_MEMORY") resolve(tooCostly());
      else reject(error);
    });
    if (signal?.aborted) onGone();
    else thread.postMessage(text);
  });
}
