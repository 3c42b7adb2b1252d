// `npm run providers`: writes what follows from the list of providers. A test compares it with what stands in the repository.
import { readFileSync, writeFileSync } from "node:fs";
import { providerFiles, withTable } from "./provider-files.ts";

for (const [path, text] of Object.entries(providerFiles())) writeFileSync(path, text);
writeFileSync("README.md", withTable(readFileSync("README.md", "utf8")));
