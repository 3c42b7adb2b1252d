// Destinations to which nothing may go for now, though nobody has disabled them.
import type { CachedDestination, ConfigCache } from "#server/config/config-cache.ts";
import { maintenanceAt } from "#server/contracts/maintenance-times.ts";

/** Whether a maintenance window of a destination lasts, or its settings cannot be used. */
export const isUnderMaintenance = ({ unusable, config }: CachedDestination, nowMs: number): boolean =>
  unusable !== undefined || maintenanceAt(config.maintenance_windows, nowMs).untilMs !== null;

/** Ids of the destinations under maintenance, by this process' configuration. */
export const maintainedDestinations = (config: ConfigCache, nowMs: number): string[] =>
  [...config.current().destinations.values()].filter((one) => isUnderMaintenance(one, nowMs)).map(({ id }) => id);
