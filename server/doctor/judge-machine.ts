// The machine that this runs on. Pure.
import { inBytes } from "#server/process/amounts.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

const LITTLE_DISK_BYTES = 2 * 2 ** 30;
/** Below this `npm start` refuses to start. */
const NO_DISK_BYTES = 256 * 2 ** 20;
const LITTLE_DISK_SHARE = 0.1;
const VERY_SOON_DAYS = 1;
const LITTLE_MEMORY_BYTES = 512 * 2 ** 20;
const NO_MEMORY_BYTES = 128 * 2 ** 20;

export interface DiskFacts {
  /** `Postgres`, or `DATA_DIR`. */
  whose: string;
  freeBytes: number;
  totalBytes: number;
  /** The file system takes no more files, whatever its room. */
  freeFiles: number | undefined;
  /** Of the traffic of the last 24 hours; undefined where it is not known. */
  forecast: { bytesPerDay: number; fullInDays: number | null } | undefined;
}

export function judgeDisk({ whose, freeBytes, totalBytes, freeFiles, forecast }: DiskFacts): Finding {
  const check = `disk of ${whose}`;
  const perDay =
    forecast && forecast.bytesPerDay > 0 ? `, and a day like the last takes ${inBytes(forecast.bytesPerDay)}` : "";
  const said = `${inBytes(freeBytes)} of ${inBytes(totalBytes)} are free${perDay}`;
  const remedy = "Free some space, take a larger disk, or keep fewer days (RETENTION_DAYS).";
  const fullIn = forecast?.fullInDays ?? null;
  if (freeFiles !== undefined && freeFiles < 1_000)
    return fail(
      check,
      `Only ${freeFiles} more files fit on it.`,
      "Remove small files that nobody needs, or take another file system.",
    );
  if (freeBytes < NO_DISK_BYTES) return fail(check, `${said}.`, remedy);
  if (fullIn !== null)
    return (fullIn <= VERY_SOON_DAYS ? fail : warn)(
      check,
      `${said}: it is full ${fullIn <= VERY_SOON_DAYS ? "within a day" : `in ${fullIn} days`}.`,
      remedy,
    );
  if (freeBytes < LITTLE_DISK_BYTES || freeBytes < totalBytes * LITTLE_DISK_SHARE)
    return warn(check, `${said}.`, remedy);
  return ok(check, `${said}.`);
}

export function judgeMemory(availableBytes: number, totalBytes: number): Finding {
  const said = `${inBytes(availableBytes)} of ${inBytes(totalBytes)} are available`;
  const remedy =
    "npm start takes up to 700 MiB in a burst, its Postgres and the dashboard counted: end other programs, or take more memory.";
  if (availableBytes < NO_MEMORY_BYTES) return fail("memory", `${said}.`, remedy);
  return availableBytes < LITTLE_MEMORY_BYTES ? warn("memory", `${said}.`, remedy) : ok("memory", `${said}.`);
}

export interface PortFacts {
  variable: "PORT" | "GATEWAY_PORT";
  host: string;
  port: number;
  /** Who listens there; null for nobody; undefined where the system does not tell. */
  holder: { pid: number; command: string } | "somebody" | null | undefined;
  /** The system keeps lower ports for root. */
  firstFree: number;
}

/** Programs of ours that listen there; the supervisor keeps the dashboard's port until somebody connects. */
const OURS = {
  PORT: /server\/(?:web|start)\/main\.ts|next-server/,
  GATEWAY_PORT: /server\/gateway\/main\.ts/,
} as const;

/** The script that a program runs, or its own name: paths of a machine tell little. */
const nameOf = (command: string) => {
  const [program = "", ...rest] = command.split(" ");
  return rest.find((word) => /\.[cm]?[jt]s$/.test(word)) ?? program.split("/").at(-1) ?? "";
};

export function judgePort({ variable, host, port, holder, firstFree }: PortFacts): Finding {
  const check = `port ${port}`;
  if (holder === undefined)
    return { check, verdict: "unknown", says: "This system does not tell from here who listens there." };
  if (holder === null) {
    return port < firstFree
      ? fail(
          check,
          `It is free, and only root may listen there.`,
          `Choose one from ${firstFree} up with ${variable}, and put a proxy in front of it.`,
        )
      : ok(check, `It is free: no process of ours listens at ${host}:${port} yet.`);
  }
  if (holder === "somebody")
    return warn(
      check,
      "A process of another user listens there.",
      `If it is not Switchyard, choose another port with ${variable}.`,
    );
  const name = `process ${holder.pid} (${nameOf(holder.command)})`;
  return OURS[variable].test(holder.command)
    ? ok(check, `Our ${name} listens there.`)
    : fail(check, `Another program has it: ${name}.`, `Stop that program, or choose another port with ${variable}.`);
}
