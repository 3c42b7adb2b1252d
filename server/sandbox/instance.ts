// One QuickJS in one WebAssembly instance with a memory of its own. `engine.ts` builds a team's sandbox from it.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import {
  newQuickJSWASMModuleFromVariant,
  newVariant,
  type QuickJSContext,
  type QuickJSRuntime,
  RELEASE_SYNC,
} from "quickjs-emscripten";
import { findStackGap, type StackGap } from "./image.ts";

const PAGE_BYTES = 65_536;
/** The initial memory that the build declares: it holds the program, its 5 MB stack and the first part of the heap. */
const INITIAL_PAGES = 256;
const ENGINE_STACK_BYTES = 512 * 1024;
const HEAP_PROBE_BYTES = 1024 * 1024;

export interface Instance {
  context: QuickJSContext;
  runtime: QuickJSRuntime;
  memory: WebAssembly.Memory;
  /** An address above every live allocation. Changes nothing that can be seen from inside. */
  heapEnd(): number;
  /** True once the memory grew past what an idle instance may keep. It never shrinks again. */
  hasGrown(): boolean;
}

let compiled: Promise<WebAssembly.Module> | undefined;
let stackGap: StackGap | undefined;

/** Compiled once per thread. The file lies beside the package, so nothing is fetched. */
function wasmModule(): Promise<WebAssembly.Module> {
  const near = createRequire(createRequire(import.meta.url).resolve("quickjs-emscripten"));
  compiled ??= readFile(near.resolve("@jitl/quickjs-wasmfile-release-sync/wasm")).then((bytes) =>
    WebAssembly.compile(bytes),
  );
  return compiled;
}

/** Loads what every instance shares, so that the first job of a thread does not pay for it. */
export const warmUp = async () => void (await wasmModule());

/**
 * `memoryMb` bounds what user code may allocate. The runtime refuses beyond it, and the memory itself cannot grow much further,
 * which also stops what the engine's own accounting misses.
 */
export async function makeInstance(memoryMb: number): Promise<Instance> {
  const memory = new WebAssembly.Memory({
    initial: INITIAL_PAGES,
    maximum: INITIAL_PAGES + Math.ceil((memoryMb * 1024 * 1024) / PAGE_BYTES),
  });
  const allocator = { malloc: (_bytes: number): number => 0, free: (_address: number) => {} };
  const variant = {
    ...RELEASE_SYNC,
    importModuleLoader: async (): Promise<Awaited<ReturnType<typeof RELEASE_SYNC.importModuleLoader>>> => {
      const imported = await RELEASE_SYNC.importModuleLoader();
      const inner = typeof imported === "function" ? imported : imported.default;
      const load = typeof inner === "function" ? inner : inner.default;
      return async (options) => {
        const module = await load(options);
        allocator.malloc = (bytes) => module._malloc(bytes);
        allocator.free = (address) => module._free(address);
        return module;
      };
    },
  };
  const quickjs = await newQuickJSWASMModuleFromVariant(
    newVariant(variant, { wasmModule: await wasmModule(), wasmMemory: memory }),
  );
  const runtime = quickjs.newRuntime({
    memoryLimitBytes: memoryMb * 1024 * 1024,
    maxStackSizeBytes: ENGINE_STACK_BYTES,
  });
  const context = runtime.newContext();
  return {
    context,
    runtime,
    memory,
    heapEnd: () => probeHeap(allocator),
    hasGrown: () => memory.buffer.byteLength > INITIAL_PAGES * PAGE_BYTES,
  };
}

/** No free block is this large in a heap at rest, so it comes from the top: everything in use lies below it. */
function probeHeap(allocator: { malloc(bytes: number): number; free(address: number): void }): number {
  const address = allocator.malloc(HEAP_PROBE_BYTES);
  if (address === 0) throw new Error("The engine has no memory left for an image.");
  allocator.free(address);
  return address;
}

/** The unused part of the stack of `fresh`. It is found once, since it is the same for every instance. */
export function stackGapOf(fresh: Instance): StackGap {
  stackGap ??= findStackGap(fresh.memory, fresh.heapEnd());
  return stackGap;
}
