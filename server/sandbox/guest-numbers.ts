/**
 * Exact numbers inside the engine. The function runs there before any user code, by its own source text, so names outside
 * of it are out of reach.
 *
 * A number that no double holds is an object there. It may be moved, copied, compared with `===`, shown and written as
 * JSON, always with its digits. An operation that needs a number, or would take the object apart, throws a sentence that
 * says so.
 *
 * @param tag the beginning of such a number while it is written as JSON
 */
export function makeExactValues(tag: string) {
  const { stringify } = JSON;
  const { isArray } = Array;
  const { keys } = Object;
  const uncurry = Function.prototype.bind.bind(Function.prototype.call) as (
    f: unknown,
  ) => (...args: unknown[]) => never;
  const [getText, setText] = [uncurry(WeakMap.prototype.get), uncurry(WeakMap.prototype.set)];
  const [find, keep] = [uncurry(Map.prototype.get), uncurry(Map.prototype.set)];
  const [slice, test, replace] = [
    uncurry(String.prototype.slice),
    uncurry(RegExp.prototype.test),
    uncurry(String.prototype.replace),
  ];
  const toPrecision = uncurry(Number.prototype.toPrecision);
  const toNumber = Number;
  /** The text before, between and after the digits that count. */
  const NO_DIGITS = /^[-.0]+|\.|[eE].*$/g;
  const ErrorClass = TypeError;
  const PLAIN_KEY = /^[A-Za-z_$][\w$]*$/;

  const texts = new WeakMap<object, string>();
  const byText = new Map<string, object>();
  const state = { request: undefined as unknown, writing: 0, isActive: false };

  const textOf = (value: unknown): string | undefined =>
    state.isActive && typeof value === "object" && value !== null ? getText(texts, value) : undefined;

  /** The place of the number in the request, for the sentence; it looks at 100,000 members at most. */
  function placeOf(wanted: object): string | null {
    const open: { value: unknown; path: string }[] = [{ value: state.request, path: "request" }];
    for (let i = 0; i < open.length && i < 100_000; i += 1) {
      const { value, path } = open[i] as (typeof open)[number];
      if (value === wanted) return path;
      if (typeof value !== "object" || value === null || textOf(value) !== undefined) continue;
      for (const key of keys(value)) {
        const step = isArray(value) ? `[${key}]` : test(PLAIN_KEY, key) ? `.${key}` : `[${stringify(key)}]`;
        open[open.length] = { value: (value as Record<string, unknown>)[key], path: path + step };
      }
    }
    return null;
  }

  function refuse(text: string): never {
    const place = placeOf(find(byText, text));
    const shown = text.length > 60 ? `${slice(text, 0, 60)}…` : text;
    const remedy = `Pass it on as it is, or use String(${place ?? "…"}) for its digits.`;
    throw new ErrorClass(`${place ?? "A number"} is ${shown}, which a JavaScript number cannot hold. ${remedy}`);
  }

  /**
   * Some encoders write 17 digits of every double, 0.10000000000000001 for 0.1: the double is what they mean, so code may
   * calculate with it.
   */
  function numberOf(text: string): number {
    const digitsOf = (decimal: string) => replace(decimal, NO_DIGITS, "") as string;
    const digits = digitsOf(text);
    const double = toNumber(text);
    if (digits.length > 17 || digitsOf(toPrecision(double, digits.length)) !== digits) refuse(text);
    return double;
  }

  const OFFERS = ["valueOf", "toFixed", "toPrecision", "toExponential", "toLocaleString"];

  function member(text: string, key: PropertyKey): unknown {
    if (key === Symbol.toPrimitive) return (hint: string) => (hint === "string" ? text : numberOf(text));
    if (key === "toString") return () => text;
    if (key === "toJSON") return () => (state.writing > 0 ? tag + text : text);
    for (let i = 0; i < OFFERS.length; i += 1) {
      const offer = OFFERS[i] as "toFixed";
      if (offer === key) return (digits?: number) => numberOf(text)[offer](digits);
    }
    return undefined;
  }

  /** One object for each text, so that `===` finds a number equal to itself wherever it stood. */
  function exact(text: string): object {
    const known = find(byText, text);
    if (known !== undefined) return known;
    state.isActive = true;
    const refuseThis = () => refuse(text);
    const made = new Proxy(Object.create(null), {
      get: (_target, key) => member(text, key),
      has: () => false,
      ownKeys: refuseThis,
      set: refuseThis,
      defineProperty: refuseThis,
      deleteProperty: refuseThis,
    });
    setText(texts, made, text);
    keep(byText, text, made);
    return made;
  }

  return { state, textOf, refuse, exact };
}

/**
 * Runs inside the engine too. Between `JSON.stringify`, `JSON.parse` and the host an exact number is a string that begins
 * with `tag`.
 *
 * @param tag what no sender's text begins with
 * @param tagNumbers the host's search for such numbers, from and to a JSON string
 */
export function installExactNumbers(
  tag: string,
  tagNumbers: (json: string) => string,
  { state, textOf, exact }: ReturnType<typeof makeExactValues>,
) {
  const { parse, stringify } = JSON;
  const { isArray } = Array;
  const { keys, defineProperty } = Object;
  const uncurry = Function.prototype.bind.bind(Function.prototype.call) as (
    f: unknown,
  ) => (...args: unknown[]) => never;
  const [slice, replace, test] = [
    uncurry(String.prototype.slice),
    uncurry(String.prototype.replace),
    uncurry(RegExp.prototype.test),
  ];
  const asText = String;
  const MARKED = /\d[\d.]{15}|\d[eE]/;
  const TAGGED = new RegExp(`"${tag}([^"]*)"`, "g");

  const revived = (value: unknown) =>
    typeof value === "string" && slice(value, 0, tag.length) === tag ? exact(slice(value, tag.length)) : value;

  /** Puts exact numbers in the place of tagged strings, here and below. */
  function revive(root: unknown): unknown {
    const open: unknown[] = [root];
    for (let size = 1; size > 0; ) {
      size -= 1;
      const value = open[size] as Record<string, unknown>;
      if (typeof value !== "object" || value === null) continue;
      for (const key of keys(value)) {
        const inner = value[key];
        if (typeof inner === "object") open[size++] = inner;
        else if (typeof inner === "string") {
          const read = revived(inner);
          if (read !== inner)
            defineProperty(value, key, { value: read, writable: true, enumerable: true, configurable: true });
        }
      }
    }
    return revived(root);
  }

  type Replacer = (this: Record<string, unknown>, key: string, value: unknown) => unknown;

  /** A replacer that sees exact numbers as they are, and gives them back tagged. */
  function withNumbers(own: Replacer | undefined): Replacer {
    const choose = own && uncurry(own);
    return function (key, given) {
      const value = textOf(this[key]) === undefined ? given : this[key];
      const chosen: unknown = choose ? choose(this, key, value) : value;
      const text = textOf(chosen);
      return text === undefined ? chosen : tag + text;
    };
  }

  function write(value: unknown, replacer?: unknown, space?: unknown): string | undefined {
    if (!state.isActive) return stringify(value, replacer as never, space as never);
    const chosen = isArray(replacer)
      ? replacer
      : withNumbers(typeof replacer === "function" ? (replacer as Replacer) : undefined);
    state.writing += 1;
    try {
      const json = stringify(value, chosen as never, space as never);
      return typeof json === "string" ? replace(json, TAGGED, "$1") : json;
    } finally {
      state.writing -= 1;
    }
  }

  function readTagged(text: string): unknown {
    if (!test(MARKED, text)) return parse(text);
    const tagged = parse(tagNumbers(stringify(text)));
    return tagged === text ? parse(text) : revive(parse(tagged));
  }

  function internalize(holder: Record<string, unknown>, key: string, reviver: Replacer): unknown {
    const value = holder[key] as Record<string, unknown>;
    if (typeof value === "object" && value !== null && textOf(value) === undefined) {
      for (const inner of keys(value)) {
        const read = internalize(value, inner, reviver);
        if (read === undefined) delete value[inner];
        else defineProperty(value, inner, { value: read, writable: true, enumerable: true, configurable: true });
      }
    }
    return uncurry(reviver)(holder, key, value);
  }

  function read(given: unknown, reviver?: unknown): unknown {
    const text = asText(given);
    if (!test(MARKED, text)) return parse(text, reviver as never);
    const value = readTagged(text);
    return typeof reviver === "function" ? internalize({ "": value }, "", reviver as Replacer) : value;
  }

  const hide = (owner: object, key: string, value: unknown) =>
    defineProperty(owner, key, { value, writable: true, configurable: true, enumerable: false });
  hide(JSON, "parse", read);
  hide(JSON, "stringify", write);

  return {
    write,
    textOf,
    /** The request from the host, with its tagged numbers. */
    receive(json: string, isTagged: boolean): unknown {
      state.request = isTagged ? revive(parse(json)) : parse(json);
      return state.request;
    },
  };
}

/** Runs inside the engine too: what reads a number out of a text would round one that is a text for this purpose only. */
export function guardNumberParsers({ textOf, refuse }: ReturnType<typeof makeExactValues>) {
  const [toInt, toFloat] = [parseInt, parseFloat];
  const orRefuse = (value: unknown) => {
    const text = textOf(value);
    return text === undefined ? (value as string) : refuse(text);
  };
  const guarded = {
    parseInt: (value: unknown, radix?: number) => toInt(orRefuse(value), radix),
    parseFloat: (value: unknown) => toFloat(orRefuse(value)),
  };
  for (const owner of [globalThis, Number]) {
    for (const [key, value] of Object.entries(guarded)) {
      Object.defineProperty(owner, key, { value, writable: true, configurable: true, enumerable: false });
    }
  }
}
