// Prints the parts list of a release as CycloneDX. It reads what `npm ci` has installed.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_ROOT } from "#server/start/build.ts";
import { deliveredParts } from "./parts-list.ts";

const MOST_BYTES = 64 * 1024 * 1024;

const options = { cwd: PROJECT_ROOT, maxBuffer: MOST_BYTES, encoding: "utf8" } as const;
const list = JSON.parse(execFileSync("npm", ["sbom", "--sbom-format=cyclonedx"], options));
const { packages } = JSON.parse(readFileSync(join(PROJECT_ROOT, "package-lock.json"), "utf8"));
process.stdout.write(`${JSON.stringify(deliveredParts(list, packages), null, 2)}\n`);
