// The database as operators see it, also while it is away: whether it answers, why commits fail, and the room on its disk.
import { Counter, Gauge, type Registry } from "prom-client";
import { AWAY_CAUSES, type AwayCause, awayCause } from "#server/errors/away-cause.ts";
import type { CommitTrouble } from "#server/ingest/commit-trouble.ts";
import type { DiskRoom } from "#server/process/disk-room.ts";

/** Postgres makes its log in segments of this size, and ends when there is no room for the next one. */
const SEGMENT_BYTES = 16 * 2 ** 20;

/** Over as soon as the database answers. */
const AWAY_ALTOGETHER = new Set<AwayCause>(["restarting", "unreachable"]);

export interface WatchedDatabase {
  trouble: Pick<CommitTrouble, "current" | "counts">;
  /** Reads the room on its disk; undefined where that is not on this machine, or not known. */
  readRoom: (() => Promise<DiskRoom | null>) | undefined;
}

export interface DatabaseState {
  /** Of the scrape that is under way. */
  noteAnswer(isThere: boolean): void;
  /** What keeps a database from committing that answers, in a sentence; null where nothing is known of it. */
  findRefusal(): string | null;
  /** The sentence for a database that could not be asked, within 0.3 s. */
  explain(error: unknown): Promise<string>;
}

/** Adds `switchyard_database_…` and `switchyard_door_commits_failed_total`, which are there whatever the database does. */
export function watchDatabase(registry: Registry, { trouble, readRoom }: WatchedDatabase): DatabaseState {
  const registers = [registry];
  const up = new Gauge({
    name: "switchyard_database_up",
    help: "1 while the database answers this gateway.",
    registers,
  });
  new Counter({
    name: "switchyard_door_commits_failed_total",
    help: "Commits of the door that failed and are tried again, by the state of the database.",
    labelNames: ["cause"],
    registers,
    collect() {
      this.reset();
      for (const [cause, count] of trouble.counts()) this.inc({ cause }, count);
    },
  });
  if (readRoom) measureDisk(registers, readRoom);

  return {
    noteAnswer: (isThere) => up.set(Number(isThere)),
    findRefusal() {
      const cause = trouble.current();
      return cause && !AWAY_ALTOGETHER.has(cause) ? AWAY_CAUSES[cause] : null;
    },
    async explain(error) {
      const room = await readRoom?.();
      // Postgres that has no room for its log says so to nobody: it is gone.
      if (room && room.freeBytes < SEGMENT_BYTES) return AWAY_CAUSES.disk_full;
      const cause = awayCause(error);
      return cause ? AWAY_CAUSES[cause] : "The database did not finish what it was asked.";
    },
  };
}

function measureDisk(registers: Registry[], readRoom: () => Promise<DiskRoom | null>): void {
  const measures = [
    ["switchyard_database_disk_free_bytes", "Room on the disk of the database.", "freeBytes"],
    ["switchyard_database_disk_size_bytes", "Size of the disk of the database.", "totalBytes"],
  ] as const;
  for (const [name, help, key] of measures) {
    new Gauge({
      name,
      help,
      registers,
      async collect() {
        this.set((await readRoom())?.[key] ?? Number.NaN);
      },
    });
  }
}
