// The thread that reads one YAML text.
import { parentPort, workerData } from "node:worker_threads";
import { readYamlValues, type YamlLimits } from "./yaml-values.ts";

const { text, limits } = workerData as { text: string; limits: YamlLimits };
// From here on its time counts: how long a busy machine takes to start it says nothing of the text.
parentPort?.postMessage("begins");
parentPort?.postMessage(readYamlValues(text, limits));
