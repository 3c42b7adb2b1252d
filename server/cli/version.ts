import { readFileSync } from "node:fs";

/** That of the package, which lies above the sources and above what is compiled of them. */
export function readVersion(): string {
  for (const above of ["../../package.json", "../../../package.json"]) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(above, import.meta.url), "utf8"));
      if (name === "switchyard") return version;
    } catch {
      // It lies further up.
    }
  }
  return "unknown";
}
