// Faults of the two networks, role to database and worker to receiver, and of the receivers themselves.
import { setTimeout as sleep } from "node:timers/promises";
import type { ProxyMode } from "./fault-proxy.ts";
import { onOne, onPlace, type Strike } from "./hands.ts";
import type { Behaviour } from "./receivers.ts";
import type { Fault } from "./schedule.ts";

type ModeOf = (fault: Fault) => ProxyMode;

const between = (least: number, most: number, { strength }: Fault) => Math.round(least + strength * (most - least));

const delay: ModeOf = (fault) => ({ kind: "delay", ms: between(10, 150, fault) });
const slow: ModeOf = (fault) => ({ kind: "slow", bytes: between(200, 4_000, fault) });
const refuse: ModeOf = () => ({ kind: "refuse" });
const halfOpen: ModeOf = () => ({ kind: "half-open" });
const deaf: ModeOf = () => ({ kind: "deaf" });
const cutAnswers: ModeOf = () => ({ kind: "cut-answers" });

const database = (modeOf: ModeOf): Strike =>
  onOne(
    ({ instance }) => instance.slots,
    async ({ proxy }, _, fault) => {
      proxy.set(modeOf(fault));
      await sleep(fault.lengthMs);
      proxy.heal();
    },
  );

const receiver = (modeOf: ModeOf): Strike =>
  onPlace(async ({ proxy }, _, fault) => {
    proxy?.set(modeOf(fault));
    await sleep(fault.lengthMs);
    proxy?.heal();
  });

const behaviour = (name: Behaviour): Strike =>
  onPlace(async (place, { receivers }, { lengthMs }) => {
    receivers.behave(place.name, name);
    await sleep(lengthMs);
    receivers.behave(place.name, "well");
  });

export const NETWORK_FAULTS = {
  "database-cut": onOne(
    ({ instance }) => instance.slots,
    async ({ proxy }) => proxy.cut(),
  ),
  "database-answers-cut": database(cutAnswers),
  "database-refuse": database(refuse),
  "database-delay": database(delay),
  "database-slow": database(slow),
  "database-half-open": database(halfOpen),
  "database-deaf": database(deaf),
  "receiver-cut": onPlace(async ({ proxy }) => proxy?.cut()),
  "receiver-refuse": receiver(refuse),
  "receiver-delay": receiver(delay),
  "receiver-slow": receiver(slow),
  "receiver-half-open": receiver(halfOpen),
  "receiver-deaf": receiver(deaf),
  "receiver-hang": behaviour("hang"),
  "receiver-500": behaviour("500"),
  "receiver-429": behaviour("429"),
  "receiver-redirect": behaviour("redirect"),
  "receiver-break-off": behaviour("break-off"),
  "receiver-trickle": behaviour("trickle"),
  "receiver-sluggish": behaviour("slow"),
} satisfies Record<string, Strike>;
