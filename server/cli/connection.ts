// The gateway that a command talks to: flags win over the environment, and that over the profile.
import { createClient, type Switchyard } from "#server/sdk/switchyard.ts";
import { CommandError } from "./exit-code.ts";
import { type Profile, readProfiles } from "./profiles.ts";
import type { Surroundings } from "./surroundings.ts";

/** The options that every command takes. */
export interface GlobalOptions {
  profile?: string;
  gateway?: string;
  team?: string;
  json?: boolean;
}

export const DEFAULT_PROFILE = "default";

/** Whether a host is this machine, so that nobody is on the way to it. */
export const isHere = (hostname: string): boolean => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);

/** Without a trailing slash, and with a scheme: a key goes to another machine in the clear only where somebody says so. */
export function readUrl(text: string): string {
  const bare = `http://${text}`;
  const scheme = URL.canParse(bare) && isHere(new URL(bare).hostname) ? "http" : "https";
  const whole = /^[a-z]+:\/\//i.test(text) ? text : `${scheme}://${text}`;
  const url = URL.canParse(whole) ? new URL(whole) : null;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw new CommandError(`${text} is no address of a gateway: give one such as https://hooks.example.com.`);
  }
  return `${url.origin}${url.pathname}`.replace(/\/+$/, "").replace(/\/v1$/, "");
}

/** Where the command goes, and with which key. */
export async function findProfile({ env }: Surroundings, options: GlobalOptions): Promise<Profile> {
  const name = options.profile ?? (env.SWITCHYARD_PROFILE || DEFAULT_PROFILE);
  const saved = (await readProfiles(env))[name];
  if (options.profile !== undefined && !saved) {
    throw new CommandError(`There is no profile ${name}: make it with switchyard login --profile ${name}.`);
  }
  const url = options.gateway ?? (env.SWITCHYARD_URL || saved?.url);
  // A saved key goes to the gateway that it was saved for, and to no other.
  const isSavedUrl = saved !== undefined && url !== undefined && readUrl(url) === saved.url;
  const key = env.SWITCHYARD_API_KEY || (isSavedUrl ? saved.api_key : undefined);
  if (url === undefined || key === undefined) {
    const missing = url === undefined ? "SWITCHYARD_URL" : "SWITCHYARD_API_KEY";
    throw new CommandError(
      `No ${missing === "SWITCHYARD_URL" ? "gateway" : "key"} is known: run switchyard login, or set ${missing}.`,
    );
  }
  const team = options.team ?? (env.SWITCHYARD_TEAM || saved?.team);
  const dashboard = env.SWITCHYARD_DASHBOARD_URL || saved?.dashboard_url;
  return {
    ...{ url: readUrl(url), api_key: key },
    ...(team !== undefined && { team }),
    ...(dashboard !== undefined && { dashboard_url: readUrl(dashboard) }),
  };
}

/** @param maxRetries how often a call is repeated that may be */
export const clientOf = ({ url, api_key, team }: Profile, maxRetries = 2): Switchyard =>
  createClient({ url, apiKey: api_key, teamId: team, maxRetries });

export const connect = async (around: Surroundings, options: GlobalOptions): Promise<Switchyard> =>
  clientOf(await findProfile(around, options));
