// `npm run sdk`: writes what the SDK takes from the table of operations. A test compares it with what stands in the repository.
import { writeFileSync } from "node:fs";
import { ALL_OPERATIONS } from "#server/api/operations/table.ts";
import { sdkFiles } from "./sdk-files.ts";

for (const [path, text] of Object.entries(sdkFiles(ALL_OPERATIONS))) writeFileSync(path, text);
