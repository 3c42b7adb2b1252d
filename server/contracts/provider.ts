/**
 * The providers that a source can be of, with what the dashboard draws of each. The names stand apart from the providers'
 * code, since contracts reach the browser and that code needs `node:crypto`; `server/providers/list.ts` is what they are
 * written from.
 */
import { PROVIDER_ROWS } from "./provider-rows.ts";

export type ProviderType = keyof typeof PROVIDER_ROWS;

export const PROVIDER_TYPES = Object.keys(PROVIDER_ROWS) as ProviderType[];

export interface ProviderName {
  title: string;
  /** The letters of its tile. */
  tile: string;
  /** Whether a page or a library of the provider's own says how it proves itself. */
  isConfirmed: boolean;
}

export const PROVIDERS = Object.fromEntries(
  Object.entries(PROVIDER_ROWS).map(([type, [title, tile, mark]]: [string, readonly string[]]) => [
    type,
    { title, tile, isConfirmed: mark === undefined },
  ]),
) as Record<ProviderType, ProviderName>;
