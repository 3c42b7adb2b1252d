// The profiles of a person: where their gateways are and with which keys. Kept in one file that nobody else may read.
import { randomBytes } from "node:crypto";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { CommandError } from "./exit-code.ts";

export interface Profile {
  url: string;
  api_key: string;
  team?: string;
  /** The dashboard's origin, where it is another than the gateway's. */
  dashboard_url?: string;
}
type Profiles = Record<string, Profile>;

type Env = Readonly<Record<string, string | undefined>>;

/** `$XDG_CONFIG_HOME/switchyard`, by default below `~/.config`. */
export const configDir = (env: Env): string =>
  join(env.XDG_CONFIG_HOME || join(env.HOME || homedir(), ".config"), "switchyard");

const fileOf = (env: Env) => join(configDir(env), "profiles.json");

const isProfile = (value: unknown): value is Profile =>
  typeof value === "object" && value !== null && "url" in value && "api_key" in value;

/** All of them; none where there is no file yet. */
export async function readProfiles(env: Env): Promise<Profiles> {
  const file = fileOf(env);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return {};
  }
  try {
    const read: unknown = JSON.parse(text);
    const entries = Object.entries(read ?? {}).filter((entry): entry is [string, Profile] => isProfile(entry[1]));
    return Object.fromEntries(entries);
  } catch {
    throw new CommandError(`${file} is no JSON: correct it, or remove it and log in again.`);
  }
}

/** Writes beside the file first, so that a command which is broken off leaves the old one. */
async function writeProfiles(env: Env, profiles: Profiles): Promise<void> {
  const file = fileOf(env);
  await mkdir(configDir(env), { recursive: true, mode: 0o700 });
  await chmod(configDir(env), 0o700);
  const fresh = `${file}.${randomBytes(4).toString("hex")}`;
  try {
    await writeFile(fresh, `${JSON.stringify(profiles, null, 2)}\n`, { mode: 0o600, flag: "wx" });
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

export async function saveProfile(env: Env, name: string, profile: Profile): Promise<string> {
  await writeProfiles(env, { ...(await readProfiles(env)), [name]: profile });
  return fileOf(env);
}

/** False where there was none. */
export async function removeProfile(env: Env, name: string): Promise<boolean> {
  const { [name]: removed, ...others } = await readProfiles(env);
  if (removed) await writeProfiles(env, others);
  return removed !== undefined;
}
