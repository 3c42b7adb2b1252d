import { parseArgs } from "node:util";
import { EnvError, httpUrl, loadEnv } from "#server/env.ts";

export interface DemoOptions {
  /** Base of the gateway, without a trailing slash. */
  url: string;
  apiKey: string;
  /** Webhooks per second. */
  rate: number;
  seconds: number;
  /** Writes a day that could have been, in place of sending. */
  isHistory: boolean;
}

export const USAGE = `Drives a running Switchyard with webhooks of four providers and checks that nothing acknowledged is lost.

  npm run demo -- [--url http://127.0.0.1:3001] [--key sy_…] [--rate 5] [--seconds 30]
  npm run demo -- --history [--url …] [--key …]

With --history it writes a day of some 20,000 events that could have been into the database (DATABASE_URL, or the embedded one of
DATA_DIR) and sends nothing: failures, retries, a paused connection, a receiver that was down, refusals, duplicates.

The key may also stand in SWITCHYARD_API_KEY. The first npm start prints one; npm run admin makes more.`;

const MAX_RATE = 200;
const MAX_SECONDS = 3600;

function numberIn(name: string, text: string, max: number): number {
  const value = Number(text);
  if (value > 0 && value <= max) return value;
  throw new EnvError([`--${name} must be a number above 0 and up to ${max}.`]);
}

/** Throws EnvError with one sentence per bad option; undefined when only help was asked for. */
export function readOptions(args: string[]): DemoOptions | undefined {
  const { values } = parseArgs({
    args,
    options: {
      url: { type: "string" },
      key: { type: "string" },
      rate: { type: "string", default: "5" },
      seconds: { type: "string", default: "30" },
      history: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  const env = loadEnv();
  const apiKey = values.key ?? env.apiKey;
  if (!apiKey) {
    throw new EnvError([
      "Give the API key that the first npm start printed, with --key or in SWITCHYARD_API_KEY; npm run admin makes another.",
    ]);
  }
  return {
    url: (values.url ?? httpUrl(env.host, env.gatewayPort)).replace(/\/+$/, ""),
    apiKey,
    rate: numberIn("rate", values.rate, MAX_RATE),
    seconds: numberIn("seconds", values.seconds, MAX_SECONDS),
    isHistory: values.history,
  };
}
