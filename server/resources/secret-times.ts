// Since when the secrets of a source are what they are. Pure.
import type { SourceConfig } from "#server/contracts/source.ts";
import { authSchemes } from "#server/providers/auth-schemes.ts";

/** The config that was saved, with its secrets in clear, and when its secret was set. */
export interface ConfigBefore {
  config: SourceConfig;
  setAt: Date;
}

/** Since when each secret is what it is, where that changes. A secret that becomes the previous one keeps when it was set. */
export function secretTimes(now: Date, { auth_type, auth }: SourceConfig, before: ConfigBefore | null) {
  const { field, previous } = authSchemes[auth_type].rotation ?? { field: "", previous: null };
  const authBefore = before?.config.auth_type === auth_type ? before.config.auth : undefined;
  const isSet = !authBefore || auth[field] !== authBefore[field];
  const older = previous === null ? undefined : auth[previous];
  const isOlderSet = !authBefore || previous === null || older !== authBefore[previous];
  const wasCurrent = older !== undefined && older === authBefore?.[field];
  return {
    ...(isSet && { secret_set_at: now }),
    ...(isOlderSet && {
      previous_secret_since: older === undefined ? null : now,
      previous_secret_set_at: wasCurrent && before ? before.setAt : null,
    }),
  };
}
