#!/usr/bin/env node
// A checkout runs the sources as they are; the package has them compiled.
import { existsSync } from "node:fs";

const source = new URL("./switchyard.ts", import.meta.url);
await import(existsSync(source) ? source.href : new URL("../../.package/cli/switchyard.js", import.meta.url).href);
