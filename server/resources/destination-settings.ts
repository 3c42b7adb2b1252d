// The settings of a destination as they are saved. Their fields follow from its type, which never changes.
import {
  type DestinationSettings,
  type DestinationType,
  HttpDestinationConfig,
  type SentDestinationConfig,
} from "#server/contracts/destination.ts";
import { MockDestinationConfig } from "#server/contracts/mock-destination.ts";
import type { AddressPolicy } from "#server/egress/address-policy.ts";
import { parseInput, unprocessable, wrongField } from "#server/errors/field-issues.ts";
import { mergeHttpConfig, newHttpConfig } from "./http-destination-config.ts";

export interface MergedSettings {
  settings: DestinationSettings;
  /** The field of `config.auth` that was made because none was given: it is shown once. */
  madeField: string | undefined;
}

const CONFIGS = { HTTP: HttpDestinationConfig, MOCK: MockDestinationConfig };

const NEW_MOCK: MockDestinationConfig = {
  status: 200,
  latency_ms: 0,
  body: "",
  error_code: null,
  answers: [],
  rate_limit: null,
  rate_limit_period: "minute",
  concurrency: 25,
  retry: null,
};

function refuseForeignFields(type: DestinationType, sent: SentDestinationConfig): void {
  const foreign = Object.entries(sent).filter(
    ([field, value]) => value !== undefined && !(field in CONFIGS[type].shape),
  );
  if (foreign.length === 0) return;
  throw unprocessable(
    foreign.map(([field]) => ({
      path: `config.${field}`,
      message: `A destination of type ${type} has no ${field}: remove it, or choose the type that has it.`,
    })),
  );
}

function mergeMock(current: MockDestinationConfig, sent: SentDestinationConfig): MergedSettings {
  const fields = Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined));
  const config = parseInput(MockDestinationConfig, { ...current, ...fields }, ["config"]);
  return { settings: { type: "MOCK", config }, madeField: undefined };
}

/** @throws AppError UNPROCESSABLE with paths that begin with `config.` */
export function newDestinationSettings(
  type: DestinationType,
  sent: SentDestinationConfig,
  policy: AddressPolicy,
): MergedSettings {
  refuseForeignFields(type, sent);
  if (type === "MOCK") return mergeMock(NEW_MOCK, sent);
  if (sent.url === undefined) throw wrongField("config.url", "This field is required: give a string.");
  const { config, madeField } = newHttpConfig(sent, policy);
  return { settings: { type, config }, madeField };
}

/**
 * Merges `sent` into the current settings.
 * @throws AppError UNPROCESSABLE with paths that begin with `config.`
 */
export function mergeDestinationSettings(
  current: DestinationSettings,
  sent: SentDestinationConfig,
  policy: AddressPolicy,
): MergedSettings {
  refuseForeignFields(current.type, sent);
  if (current.type === "MOCK") return mergeMock(current.config, sent);
  const { config, madeField } = mergeHttpConfig(current.config, sent, policy);
  return { settings: { type: current.type, config }, madeField };
}
