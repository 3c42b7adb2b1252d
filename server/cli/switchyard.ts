// `switchyard`, the command line of the product, for whoever has a key of it.
import { runCli } from "./run-cli.ts";
import { ofThisProcess } from "./surroundings.ts";

process.exitCode = await runCli(process.argv.slice(2), ofThisProcess());
