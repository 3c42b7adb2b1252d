// `admin secret`: which SWITCHYARD_SECRET the database belongs to, and how another takes its place while everything runs.
import { askOf, noteMasterKey } from "#server/auth/master-key.ts";
import { sealAnew } from "#server/auth/seal-anew.ts";
import { fingerprintOf, makeKeyring } from "#server/crypto/secrets.ts";
import { masterKeyOf, refuseOtherSecret } from "#server/database/master-key.ts";
import type { Db } from "#server/database/prisma.ts";
import type { Env } from "#server/env.ts";
import { AppError } from "#server/errors/app-error.ts";
import { sealAuthenticators } from "#server/people/seal-authenticators.ts";

export interface SecretAdmin {
  db: Db;
  env: Pick<Env, "secret" | "otherSecret">;
  now: Date;
}

/** Rows that somebody changes while they are read are met again. */
const MAX_PASSES = 5;
/** More names than that are only counted. */
const NAMED = 20;

export async function showSecret({ db, env }: SecretAdmin): Promise<string> {
  const stored = (await masterKeyOf(askOf(db))) ?? "none yet";
  const named = (name: string, secret: string | undefined) =>
    secret === undefined ? [] : [`${name}  ${fingerprintOf(secret)}`];
  return [
    `the database belongs to  ${stored}`,
    ...named("SWITCHYARD_SECRET", env.secret),
    ...named("SWITCHYARD_OTHER_SECRET", env.otherSecret),
  ].join("\n");
}

/** @throws AppError naming what has to be set */
export async function rotateSecret({ db, env, now }: SecretAdmin): Promise<string> {
  const { secret, otherSecret } = env;
  if (secret === undefined || otherSecret === undefined) {
    throw new AppError(
      "BAD_REQUEST",
      "Set SWITCHYARD_SECRET to the new secret and SWITCHYARD_OTHER_SECRET to the one until now, as all running processes have them.",
    );
  }
  await refuseOtherSecret(askOf(db), makeKeyring(secret, otherSecret));
  let sealed = 0;
  let shut: string[] = [];
  for (let pass = 0; pass < MAX_PASSES; pass++) {
    const resources = await sealAnew(db, { secret, otherSecret });
    const people = await sealAuthenticators(db, { secret, otherSecret });
    sealed += resources.sealed + people.sealed;
    shut = [...resources.shut, ...people.shut];
    if (resources.sealed + people.sealed === 0) break;
  }
  await noteMasterKey(db, fingerprintOf(secret), now);
  const lines = [
    `${sealed} encrypted anew; the database belongs to ${fingerprintOf(secret)} now.`,
    "Once no process has the secret until now as its SWITCHYARD_SECRET, run this again; when it finds 0, take SWITCHYARD_OTHER_SECRET away.",
  ];
  if (shut.length > 0) {
    const more = shut.length > NAMED ? `, and ${shut.length - NAMED} more` : "";
    lines.push(`Opened by neither secret, and left as they were: ${shut.slice(0, NAMED).join(", ")}${more}.`);
  }
  return lines.join("\n");
}
