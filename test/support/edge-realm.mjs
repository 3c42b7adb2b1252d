// A thread that runs modules where there are web standards and nothing of Node: the stand-in for an edge runtime.
import { createContext, SourceTextModule } from "node:vm";
import { parentPort, workerData } from "node:worker_threads";

const WEB = [
  ...["AbortController", "AbortSignal", "Headers", "TextEncoder", "URL", "URLSearchParams"],
  ...["atob", "btoa", "clearTimeout", "crypto", "fetch", "setTimeout"],
];
const context = createContext(Object.fromEntries(WEB.map((name) => [name, globalThis[name]])));

/** Each module once, by its name. */
const linked = new Map();
function load(specifier) {
  const name = specifier.replace("./", "");
  const known = linked.get(name);
  if (known) return known;
  const text = workerData.modules[name];
  if (text === undefined) throw new Error(`There is no module ${specifier} in this realm.`);
  const module = new SourceTextModule(text, { context, identifier: name });
  linked.set(name, module);
  return module;
}

const entry = load(workerData.entry);
await entry.link(load);
await entry.evaluate();
parentPort.postMessage(JSON.parse(JSON.stringify(await entry.namespace.run(workerData.input))));
