import { Gauge, type Registry } from "prom-client";
import type { Spool, SpoolFigures } from "#server/spool/spool.ts";

const FIGURES: [name: string, help: string, read: (figures: SpoolFigures) => number][] = [
  ["up", "1 while the spool can take requests.", ({ isThere }) => Number(isThere)],
  ["active", "1 while requests go to the spool in place of the database.", ({ isSpooling }) => Number(isSpooling)],
  ["messages", "Requests in the spool, of all gateways.", ({ messages }) => messages],
  ["bytes", "Their bytes.", ({ bytes }) => bytes],
  ["unusable_messages", "Requests in the spool that cannot be stored.", ({ unusable }) => unusable],
  ["stored_total", "Requests that this gateway has put into the spool.", ({ spooled }) => spooled],
  ["refused_total", "Requests that the spool did not take.", ({ refused }) => refused],
  [
    "drained_total",
    "Requests that this gateway has brought from the spool into the database.",
    ({ drained }) => drained,
  ],
];

/** `switchyard_spool_…`: as the spool was when this gateway looked last. */
export function registerSpool(registry: Registry, spool: Pick<Spool, "figures">): void {
  for (const [name, help, read] of FIGURES) {
    new Gauge({
      name: `switchyard_spool_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read(spool.figures()));
      },
    });
  }
}
