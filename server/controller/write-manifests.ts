// `npm run crd`: writes the definition of the custom resource from the contracts. A test compares it with what stands in the repository.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { flowSpecSchema } from "#server/flows/file-schema.ts";
import { definitionText, MANIFESTS_DIR, SECRET_FROM } from "./manifest-files.ts";

writeFileSync(join(MANIFESTS_DIR, "crd.yaml"), definitionText(flowSpecSchema(SECRET_FROM)));
