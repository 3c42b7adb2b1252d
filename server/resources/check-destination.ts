// The check of a bucket: writes a small object and takes it away again, with settings that may not be saved yet.
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { DestinationSettings } from "#server/contracts/destination.ts";
import { DEFAULT_KEYS, fixedPrefix } from "#server/contracts/object-key.ts";
import type { CheckDestination, CheckedDestination, S3DestinationConfig } from "#server/contracts/s3-destination.ts";
import { wrongField } from "#server/errors/field-issues.ts";
import { makeObjectStore, type StoreCall } from "#server/object-store/object-store.ts";
import { refusalOf, storeSentence } from "#server/object-store/store-words.ts";
import {
  judgesOf,
  mergeDestinationSettings,
  newDestinationSettings,
  refuseOwnAddress,
} from "./destination-settings.ts";
import { openDestination } from "./destinations.ts";
import { requireSecrets } from "./secret-fields.ts";

type Step = CheckedDestination["steps"][number];

const TEST_NAME = "switchyard-test";
/** What it says is for whoever finds it. */
const TEST_BYTES = Buffer.from("Switchyard wrote this to see whether it may. It can be removed.\n");
/** A person waits for the answer. */
const MAX_TIMEOUT_MS = 10_000;
/** The bucket was found and the key is known: only the right to write is missing. */
const IS_REACHED = new Set(["AccessDenied", "AllAccessDisabled", "EntityTooLarge", "QuotaExceeded", "SlowDown"]);

async function settingsOf(ctx: Ctx, { id, config }: CheckDestination): Promise<DestinationSettings> {
  if (id === undefined) return newDestinationSettings("S3", config ?? {}, judgesOf(ctx)).settings;
  const { settings, unusable } = await openDestination(ctx, id);
  if (settings.type !== "S3") throw wrongField("id", `A destination of type ${settings.type} cannot be checked.`);
  requireSecrets(unusable, config?.auth);
  return mergeDestinationSettings(settings, config ?? {}, judgesOf(ctx)).settings;
}

const answerOf = ({ outcome }: StoreCall) => {
  const seen = outcome.kind === "response" ? outcome : outcome.seen;
  const isGood = outcome.kind === "response" && outcome.status >= 200 && outcome.status < 300;
  return {
    status: seen?.status ?? null,
    headers: seen?.headers ?? null,
    body: seen?.body.toString("utf8") ?? null,
    errorCode: isGood ? null : outcome.kind === "error" ? outcome.code : ("BAD_RESPONSE" as const),
  };
};

function writeSteps(written: StoreCall, key: string): Step[] {
  const answer = answerOf(written);
  const problem = storeSentence(answer);
  const reached: Step = { step: "reach", is_good: true, says: "The bucket is there, and region and key fit." };
  if (problem === null) {
    const ms = Math.round(written.outcome.latencyMs);
    return [
      reached,
      { step: "write", is_good: true, says: `May write ${key}: ${TEST_BYTES.length} bytes in ${ms} ms.` },
    ];
  }
  if (IS_REACHED.has(refusalOf(answer) ?? "")) return [reached, { step: "write", is_good: false, says: problem }];
  return [{ step: "reach", is_good: false, says: problem }];
}

function deleteStep(removed: StoreCall): Step {
  const isGood = answerOf(removed).errorCode === null;
  return {
    step: "delete",
    is_good: isGood,
    says: isGood ? "May delete it, and did." : "May not delete it: fine, the test object stays.",
  };
}

/** Says whether events can be written to this bucket, and if not, what to correct. Nothing is saved. */
export async function checkDestination(ctx: Ctx, input: CheckDestination): Promise<CheckedDestination> {
  requireCan(ctx, "destination.write");
  const settings = await settingsOf(ctx, input);
  await refuseOwnAddress(ctx.app.db, settings, settings.config);
  const config = settings.config as S3DestinationConfig;
  const store = makeObjectStore(
    { ...config, timeout_ms: Math.min(config.timeout_ms, MAX_TIMEOUT_MS) },
    {
      egress: ctx.app.egress,
      policy: ctx.app.egressPolicy.forTeam(ctx.teamId),
      teamId: ctx.teamId,
      ...(ctx.signal && { signal: ctx.signal }),
    },
  );
  const key = `${fixedPrefix(config.key ?? DEFAULT_KEYS[config.format])}${TEST_NAME}`;
  const written = await store.put({ key, bytes: TEST_BYTES, contentType: "text/plain", metadata: {} });
  const steps = writeSteps(written, key);
  if (steps.some(({ is_good }) => !is_good)) return { is_good: false, steps };
  return { is_good: true, steps: [...steps, deleteStep(await store.remove(key))] };
}
