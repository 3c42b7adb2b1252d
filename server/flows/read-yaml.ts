// Reads YAML on a thread that is ended when it takes too long: a text can be written so that it costs far more than its bytes.
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

/** The documents of a text, or what is wrong with it. @throws CallerGone when the caller has gone meanwhile */
export function readYaml(text: string, signal?: AbortSignal): Promise<YamlReading> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./yaml-thread.ts", import.meta.url), {
      workerData: { text, limits: LIMITS },
      resourceLimits: RESOURCE_LIMITS,
      env: {},
    });
    const end = () => {
      clearTimeout(deadline);
      signal?.removeEventListener("abort", onGone);
      void worker.terminate();
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
    worker.on("message", (said: YamlReading | "begins") => {
      if (said === "begins") {
        deadline = setTimeout(giveUp, DEADLINE_MS);
        return;
      }
      end();
      resolve(said);
    });
    worker.once("error", (error: NodeJS.ErrnoException) => {
      end();
      // The stack or the memory of the thread was not enough for this text.
      if (error instanceof RangeError || error.code === "ERR_WORKER_OUT_OF_MEMORY") resolve(tooCostly());
      else reject(error);
    });
    if (signal?.aborted) onGone();
  });
}
