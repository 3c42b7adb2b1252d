// The logs of a run on disk, in slices of so many requests each, so that a run of millions is judged in the memory of one slice.
import { appendFileSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Slice, Team } from "./logs.ts";

/** What is told of one team, or logged of all. */
export type LogName = "sent" | "receipts" | `${Team}-${"requests" | "events" | "attempts"}`;

const LINES_PER_WRITE = 400;
/** Where what belongs to no request goes. */
const STRAY = -1;

export type EvidenceStore = Awaited<ReturnType<typeof openEvidenceStore>>;

/** @param requestsPerSlice by their numbers, in the order in which they were sent */
export async function openEvidenceStore(requestsPerSlice: number) {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-evidence-"));
  const waiting = new Map<string, string[]>();
  let isKept = false;

  const write = (file: string, lines: string[]) => {
    if (lines.length > 0) appendFileSync(join(directory, file), `${lines.splice(0).join("\n")}\n`);
  };
  const flush = () => {
    for (const [file, lines] of waiting) write(file, lines);
  };
  const read = async <T>(slice: string, name: LogName): Promise<T[]> => {
    const text = await readFile(join(directory, `${slice} ${name}`), "utf8").catch(() => "");
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as T);
  };
  const readSlice = async (slice: string): Promise<Slice> => {
    const told = async (team: Team) => ({
      requests: await read<Slice["told"]["ours"]["requests"][number]>(slice, `${team}-requests`),
      events: await read<Slice["told"]["ours"]["events"][number]>(slice, `${team}-events`),
      attempts: await read<Slice["told"]["ours"]["attempts"][number]>(slice, `${team}-attempts`),
    });
    return {
      sent: await read(slice, "sent"),
      receipts: await read(slice, "receipts"),
      told: { ours: await told("ours"), theirs: await told("theirs") },
    };
  };

  return {
    directory,
    /** @param n the number of the request that the entry belongs to; undefined: nobody knows one. Entries hold finite numbers. */
    add(name: LogName, n: number | undefined, entry: object) {
      const slice = n === undefined || !Number.isFinite(n) ? STRAY : Math.floor(n / requestsPerSlice);
      const file = `${slice} ${name}`;
      const lines = waiting.get(file) ?? [];
      waiting.set(file, lines);
      lines.push(JSON.stringify(entry));
      if (lines.length >= LINES_PER_WRITE) write(file, lines);
    },
    /** Forgets what was told of a team, to read it anew. */
    async forget(name: LogName) {
      flush();
      for (const file of await readdir(directory)) if (file.endsWith(` ${name}`)) await rm(join(directory, file));
    },
    /** One slice after the other, in no certain order. */
    async *slices(): AsyncGenerator<Slice> {
      flush();
      const names = new Set((await readdir(directory)).map((file) => file.split(" ")[0] ?? ""));
      for (const name of names) yield await readSlice(name);
    },
    /** Leaves the files where they are. */
    keep() {
      flush();
      isKept = true;
    },
    async [Symbol.asyncDispose]() {
      if (!isKept) await rm(directory, { recursive: true, force: true });
    },
  };
}
