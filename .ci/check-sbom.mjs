// Reads a parts list from stdin: it has to be CycloneDX, and to name each package that the lock file delivers everywhere, and none that only develops.
import { readFileSync } from "node:fs";

const lock = JSON.parse(readFileSync(new URL("../package-lock.json", import.meta.url), "utf8"));
const locked = Object.entries(lock.packages)
  .filter(([path]) => path !== "")
  .map(([path, entry]) => ({ ...entry, id: `${path.slice(path.lastIndexOf("node_modules/") + 13)}@${entry.version}` }));
const delivered = new Set(locked.filter(({ dev }) => !dev).map(({ id }) => id));

function problemsOf(text) {
  const { bomFormat, specVersion, components } = JSON.parse(text);
  if (bomFormat !== "CycloneDX" || !/^1\.\d+$/.test(specVersion)) return ["It is no CycloneDX."];
  if (!Array.isArray(components) || components.length === 0) return ["It has no components."];
  const named = new Set(components.map(({ purl }) => decodeURIComponent(purl ?? "").replace(/^pkg:npm\//, "")));
  // A binary for another kind of machine is not installed.
  const lacking = locked.filter(({ id, dev, optional }) => !dev && !optional && !named.has(id));
  return [
    ...lacking.map(({ id }) => `It lacks ${id}.`),
    ...[...named]
      .filter((id) => !delivered.has(id))
      .map((id) => `It names ${id || "a part without an address"}, which is not delivered.`),
  ];
}

const text = readFileSync(0, "utf8");
let problems;
try {
  problems = problemsOf(text);
} catch (error) {
  problems = [`It cannot be read: ${error.message}`];
}
for (const problem of problems) console.error(`sbom: ${problem}`);
if (problems.length === 0) console.log(`sbom: CycloneDX, ${JSON.parse(text).components.length} components`);
process.exitCode = problems.length === 0 ? 0 : 1;
