// The team that a namespace is mapped to: by an API key in a Secret of the namespace itself.
import { createClient, type Switchyard } from "#server/sdk/switchyard.ts";
import type { FindSecret, FoundSecret } from "./flow-text.ts";

/** An application may take minutes; the gateway gives it three. */
const CALL_TIMEOUT_MS = 200_000;

export interface Team {
  id: string;
  client: Switchyard;
  /** Of the Secret, so that another key is another application. */
  version: string;
}

interface TeamOptions {
  gatewayUrl: string;
  keySecret: string;
  findSecret: FindSecret;
  signal: AbortSignal;
}

/** The namespace has no key that can be used; the message has the remedy. */
export class NoKey extends Error {}

function clientOf(secret: FoundSecret | undefined, { gatewayUrl, keySecret }: TeamOptions): Switchyard {
  const apiKey = secret?.values["api-key"]?.trim();
  if (!apiKey) {
    throw new NoKey(
      `There is no Secret ${keySecret} with the key api-key that the controller may read: put an API key of the team there.`,
    );
  }
  const teamId = secret?.values["team-id"]?.trim();
  try {
    return createClient({
      url: gatewayUrl,
      apiKey,
      ...(teamId && { teamId }),
      timeoutMs: CALL_TIMEOUT_MS,
      // The queue waits longer, and for one flow alone.
      maxRetries: 0,
    });
  } catch {
    throw new NoKey(`The key api-key of the Secret ${keySecret} is no API key: it begins with sy_.`);
  }
}

/** @throws NoKey, or what the gateway answers to the key */
export async function teamOfNamespace(options: TeamOptions): Promise<Team> {
  const secret = await options.findSecret(options.keySecret);
  const client = clientOf(secret, options);
  const [team] = (await client.teams.list({}, { signal: options.signal })).data;
  if (!team) throw new NoKey("The API key is for no team: put one of a team into the Secret.");
  return { id: team.id, client, version: `${secret?.uid} ${secret?.version}` };
}
