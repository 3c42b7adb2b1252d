// Loaded before a role (`--import`): plants a bug in its sources as they are loaded. Where a text is not as the bug needs it, the process ends.
import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { isMainThread } from "node:worker_threads";
import { editText } from "./plant-edits.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** @param noteFile gets a line with the name of each file that was edited */
function plant(edits, noteFile) {
  const byUrl = Map.groupBy(edits, ({ file }) => pathToFileURL(join(ROOT, file)).href);
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      const wanted = byUrl.get(url);
      if (!wanted) return loaded;
      let source = Buffer.from(loaded.source).toString("utf8");
      for (const edit of wanted) source = editText(source, edit);
      appendFileSync(noteFile, `${wanted[0].file}\n`);
      return { ...loaded, source };
    },
  });
}

// Threads of a role have no environment, and load nothing that a bug is planted in.
if (isMainThread) plant(JSON.parse(process.env.PLANTED_EDITS), process.env.PLANTED_NOTES);
