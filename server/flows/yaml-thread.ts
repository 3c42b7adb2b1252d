// The thread that reads one YAML text.
import { parentPort, workerData } from "node:worker_threads";
import { readYamlValues, type YamlLimits } from "./yaml-values.ts";

const { text, limits } = workerData as { text: string; limits: YamlLimits };
parentPort?.postMessage(readYamlValues(text, limits));
