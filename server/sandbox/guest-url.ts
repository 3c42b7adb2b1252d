import type { Border } from "./guest-border.ts";

/** `watch` has a list of parameters call back after each change. */
export function makeSearchParams({ ask }: Border) {
  type Pair = [string, string];
  const watchers = new WeakMap<object, () => void>();

  class URLSearchParams {
    #pairs: Pair[];

    constructor(init: unknown = "") {
      if (typeof init === "object" && init !== null) {
        const pairs = Symbol.iterator in init ? Array.from(init as Iterable<unknown>) : Object.entries(init);
        this.#pairs = pairs.map((pair) => {
          const [name, value, ...more] = Array.from(pair as Iterable<unknown>);
          if (value === undefined || more.length > 0) throw new TypeError("Each query pair is a name and a value.");
          return [String(name), String(value)];
        });
      } else {
        this.#pairs = ask("readParams", String(init)) as Pair[];
      }
    }
    get size() {
      return this.#pairs.length;
    }
    #set(pairs: Pair[]) {
      this.#pairs = pairs;
      watchers.get(this)?.();
    }
    append(name: unknown, value: unknown) {
      this.#set([...this.#pairs, [String(name), String(value)]]);
    }
    delete(name: unknown, value?: unknown) {
      this.#set(this.#pairs.filter(([n, v]) => n !== String(name) || (value !== undefined && v !== String(value))));
    }
    get(name: unknown) {
      return this.#pairs.find(([n]) => n === String(name))?.[1] ?? null;
    }
    getAll(name: unknown) {
      return this.#pairs.filter(([n]) => n === String(name)).map(([, value]) => value);
    }
    has(name: unknown, value?: unknown) {
      return this.#pairs.some(([n, v]) => n === String(name) && (value === undefined || v === String(value)));
    }
    set(name: unknown, value: unknown) {
      const first = this.#pairs.findIndex(([n]) => n === String(name));
      if (first === -1) return this.append(name, value);
      const kept = this.#pairs.filter(([n], index) => n !== String(name) || index === first);
      this.#set(kept.map((pair) => (pair[0] === String(name) ? [pair[0], String(value)] : pair)));
    }
    sort() {
      this.#set(this.#pairs.toSorted(([a], [b]) => (a < b ? -1 : Number(a > b))));
    }
    forEach(callback: (value: string, name: string, all: URLSearchParams) => void, self?: unknown) {
      for (const [name, value] of this.#pairs) callback.call(self, value, name, this);
    }
    *entries() {
      yield* this.#pairs.map(([name, value]): Pair => [name, value]);
    }
    *keys() {
      for (const [name] of this.#pairs) yield name;
    }
    *values() {
      for (const [, value] of this.#pairs) yield value;
    }
    [Symbol.iterator]() {
      return this.entries();
    }
    toString() {
      return ask("writeParams", this.#pairs) as string;
    }
  }

  return {
    URLSearchParams,
    watch: (params: URLSearchParams, callback: () => void) => void watchers.set(params, callback),
  };
}

export function installUrl({ ask, define }: Border, { URLSearchParams, watch }: ReturnType<typeof makeSearchParams>) {
  type Parts = Record<string, string>;
  type Params = InstanceType<typeof URLSearchParams>;

  class URL {
    #parts: Parts;
    #params: Params | undefined;

    constructor(href: unknown, base?: unknown) {
      this.#parts = ask("url", String(href), base === undefined ? null : String(base)) as Parts;
    }
    static canParse(href: unknown, base?: unknown) {
      return URL.parse(href, base) !== null;
    }
    static parse(href: unknown, base?: unknown) {
      try {
        return new URL(href, base);
      } catch {
        return null;
      }
    }
    get origin() {
      return this.#parts.origin;
    }
    get searchParams() {
      if (!this.#params) {
        this.#params = new URLSearchParams(this.#parts.search);
        this.#watch(this.#params);
      }
      return this.#params;
    }
    #watch(params: Params) {
      watch(params, () => {
        this.#parts = ask("setUrl", this.#parts.href, "search", params.toString()) as Parts;
      });
    }
    toString() {
      return this.#parts.href;
    }
    toJSON() {
      return this.#parts.href;
    }
    static part(name: string) {
      Object.defineProperty(URL.prototype, name, {
        enumerable: true,
        configurable: true,
        get(this: URL) {
          return this.#parts[name];
        },
        set(this: URL, value: unknown) {
          const operation =
            name === "href" ? ["url", String(value), null] : ["setUrl", this.#parts.href, name, String(value)];
          this.#parts = ask(...(operation as [string, ...unknown[]])) as Parts;
          this.#params = undefined;
        },
      });
    }
  }
  for (const name of [
    "href",
    "protocol",
    "username",
    "password",
    "host",
    "hostname",
    "port",
    "pathname",
    "search",
    "hash",
  ]) {
    URL.part(name);
  }
  delete (URL as { part?: unknown }).part;
  define(globalThis, "URL", URL);
  define(globalThis, "URLSearchParams", URLSearchParams);
}
