// The commands by which Node runs each role.
import type { Role } from "#server/env.ts";

interface RoleCommand {
  /** Options of Node itself; `package.json` repeats them for a role that is started by hand. */
  nodeFlags: string[];
  /** From the project's root. */
  script: string;
}

/**
 * Keeps V8 from learning in a burst that requests and events live long. It would then make them in old space, where they
 * keep other objects alive, and minor collections copied up to a third of what was new (decision 012).
 */
const YOUNG = "--no-allocation-site-pretenuring";

/**
 * One thread that helps to collect, in place of four: where large bodies begin collections, more of them keep the main thread from
 * its processor (decision 014).
 */
const ONE_HELPER = "--v8-pool-size=1";

/** For `server/process/spare-memory.ts`. */
const TIDY = "--expose-gc";

export const ROLE_COMMANDS: Record<Role, RoleCommand> = {
  // A request lives until its batch is committed, 20 to 30 ms under load, and collections copy what lives. Against 16 MB of
  // young space, both with the option above: 99 in place of 114 us of processor time for a signed request, as much for others.
  gateway: {
    nodeFlags: [TIDY, YOUNG, ONE_HELPER, "--max-semi-space-size=64"],
    script: "server/gateway/main.ts",
  },
  web: { nodeFlags: [TIDY], script: "server/web/main.ts" },
  // V8 would let its young space grow to twice this, and a burst of 10,000 events then holds 50 MiB more.
  worker: { nodeFlags: [TIDY, YOUNG, ONE_HELPER, "--max-semi-space-size=32"], script: "worker/main.ts" },
};

/**
 * Settings of glibc's allocator, which reads them when a process begins; other allocators ignore them. A block of 128 KiB or
 * more is then given back as soon as it is free. Left to itself glibc raises that threshold to the largest body it has seen,
 * and the heap keeps the size of the worst moment for ever.
 */
export const ALLOCATOR_ENV = {
  MALLOC_MMAP_THRESHOLD_: String(128 * 1024),
  // The heap's free end, which grows and shrinks with each burst, is given back from here on.
  MALLOC_TRIM_THRESHOLD_: String(16 * 1024 * 1024),
};
