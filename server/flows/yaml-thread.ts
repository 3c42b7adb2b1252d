// The thread that reads YAML texts, one at a time.
import { parentPort, workerData } from "node:worker_threads";
import { readYamlValues, type YamlLimits } from "./yaml-values.ts";

const limits = workerData as YamlLimits;
parentPort?.on("message", (text: string) => {
  // From here on its time counts: how long a busy machine takes to start it says nothing of the text.
  parentPort?.postMessage("begins");
  parentPort?.postMessage(readYamlValues(text, limits));
});
