import { afterAll, describe, expect, test } from "vitest";
import { makeSandbox } from "#server/sandbox/pool.ts";

const sandbox = makeSandbox({ timeoutMs: 3_000 });
/** With the limit that users have, for what runs into it. */
const ordinary = makeSandbox();
afterAll(() => Promise.all([sandbox.close(), ordinary.close()]));

const run = (code: string, within = sandbox) =>
  within.run({
    teamId: "tm_a",
    code: `${code}\nreturn request;`,
    env: {},
    request: { headers: {}, query: {}, path: "/", method: "POST" },
  });

async function messageOf(code: string, within = sandbox): Promise<string> {
  const result = await run(code, within);
  return result.kind === "failed" ? result.error.message : `returned ${JSON.stringify(result.request.body)}`;
}

/** What an expression comes to in the sandbox, and here; an error by its name. */
async function bothOf(expression: string) {
  const body = `(async () => { try { return ${expression}; } catch (error) { return error.name; } })()`;
  const here = await new Function(`return ${body}`)();
  const result = await run(`request.body = { value: await ${body} };`);
  if (result.kind === "failed") throw new Error(`${expression}: ${result.error.message}`);
  return { inside: result.request.body, here: JSON.parse(JSON.stringify({ value: here })) };
}

describe("the web's helpers answer as Node's own", () => {
  test.each([
    "new URL('https://user:pa%20ss@EXAMPLE.com:8443/a/../b?x=1&y=%20z#f').href",
    "(({ origin, protocol, username, password, host, hostname, port, pathname, search, hash }) => [origin, protocol, username, password, host, hostname, port, pathname, search, hash])(new URL('https://u:p@h.example:443/p?q=1#h'))",
    "new URL('../x?y', 'https://h.example/a/b/c').toString()",
    "new URL('https://münchen.example/ü?ü#ü').href",
    "new URL('/relative')",
    "new URL('http://[::1')",
    "JSON.stringify({ u: new URL('http://h') })",
    "[URL.canParse('x:y'), URL.canParse('x'), URL.parse('nope'), String(URL.parse('a', 'http://h/b/'))]",
    "(() => { const u = new URL('http://h/?a=1'); u.searchParams.append('b', '2 3'); u.searchParams.delete('a'); u.pathname = '/ä b'; u.port = '81'; u.hash = 'z'; return u.href; })()",
    "(() => { const u = new URL('http://h/?a=1'); u.search = '?c=3'; return [u.searchParams.get('c'), u.href]; })()",
    "(() => { const u = new URL('http://h/'); u.href = 'https://g/x?y=1'; u.host = 'i:9'; return [u.href, u.searchParams.get('y')]; })()",
    "[...new URLSearchParams('?a=1&b=%20+&a=2&c')]",
    "new URLSearchParams({ a: 'x y', 'ü&': '=' }).toString()",
    "new URLSearchParams([['a', 1], ['b', null]]).toString()",
    "new URLSearchParams([['a']])",
    "((p) => [p.get('a'), p.getAll('a'), p.get('z'), p.has('b'), p.has('a', '3'), p.size, [...p.keys()], [...p.values()]])(new URLSearchParams('a=1&b=2&a=3'))",
    "(() => { const p = new URLSearchParams('c=3&a=1&b=2&a=0'); p.sort(); p.set('a', 'x'); p.delete('b', '9'); p.append('d', 4); const l = []; p.forEach((v, n) => l.push(n + v)); return [String(p), l]; })()",
    "[...new TextEncoder().encode('aü€😀\\ud800\\u0000')]",
    "new TextDecoder().decode(new Uint8Array([0xef, 0xbb, 0xbf, 97, 0xc3, 0xbc, 0xff]))",
    "new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([0xff]))",
    "new TextDecoder('utf-16le').decode(new Uint8Array([97, 0, 98, 0]).subarray(2))",
    "new TextDecoder('latin1').encoding",
    "new TextDecoder('no-such')",
    "[btoa('a\\u00ff'), atob(' YWI= ')]",
    "btoa('€')",
    "atob('%')",
    "JSON.parse(atob('eyJhIjoxfQ=='))",
    "[...new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode('abc')))].map((b) => b.toString(16).padStart(2, '0')).join('')",
    "[...new Uint8Array(await crypto.subtle.digest({ name: 'sha-1' }, new Uint8Array([1, 2]).buffer))]",
    "(await crypto.subtle.digest('SHA-512', new ArrayBuffer(0))).byteLength",
    "(async () => { const key = await crypto.subtle.importKey('raw', new TextEncoder().encode('key'), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']); const data = new TextEncoder().encode('data'); const mac = await crypto.subtle.sign('HMAC', key, data); return [btoa(String.fromCharCode(...new Uint8Array(mac))), await crypto.subtle.verify('HMAC', key, mac, data), await crypto.subtle.verify('HMAC', key, new Uint8Array(32), data), key.type, key.algorithm.hash.name]; })()",
    "/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID())",
    "crypto.getRandomValues(new Uint8Array(8)).length",
    "(() => { const a = { d: new Date(5), m: new Map([[1, { x: 1 }]]), s: new Set([1]), l: [1, , 3], b: new Uint8Array([1, 2, 3]).subarray(1), r: /a/gi, n: null }; a.self = a; const c = structuredClone(a); return [c !== a, c.self === c, c.d.getTime(), c.m.get(1).x, c.s.has(1), c.l.length, 1 in c.l, [...c.b], String(c.r), c.n]; })()",
    "structuredClone(() => 1)",
    "structuredClone(Object.assign(new TypeError('x'), { name: 'TypeError' })).message",
    "new Intl.DateTimeFormat('en-US', { timeZone: 'America/New_York', dateStyle: 'full', timeStyle: 'long' }).format(new Date(1.7e12))",
    "new Intl.DateTimeFormat('de-DE', { timeZone: 'Europe/Berlin', hour: '2-digit' }).formatToParts(0)",
    "new Intl.DateTimeFormat('en-US', { timeZone: 'No/Where' })",
    "new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC' }).resolvedOptions().timeZone",
    "new Intl.NumberFormat('de-DE', { style: 'currency', currency: 'EUR' }).format(1234.5)",
    "new Intl.NumberFormat('en-US').format('1234.5')",
    "new Intl.NumberFormat('en-US', { style: 'currency' })",
    "new Intl.PluralRules('en-US', { type: 'ordinal' }).select(2)",
    "new Intl.ListFormat('en', { type: 'conjunction' }).format(['a', 'b', 'c'])",
    "new Intl.RelativeTimeFormat('en', { numeric: 'auto' }).format(-1, 'day')",
    "['z', 'ä', 'a'].sort(new Intl.Collator('de').compare)",
    "new Date(1.7e12).toLocaleString('en-US', { timeZone: 'Asia/Tokyo' })",
    "new Date(1.7e12).toLocaleDateString('sv-SE', { timeZone: 'UTC' })",
    "new Date(NaN).toLocaleString('en-US')",
    "(1234567.891).toLocaleString('en-US', { maximumFractionDigits: 1 })",
    "await new Promise((done) => queueMicrotask(() => done(1)))",
  ])("%s", async (expression) => {
    const { inside, here } = await bothOf(expression);
    expect(inside).toEqual(here);
  });
});

test("dates are in UTC, whatever the zone of the server", async () => {
  const code =
    "request.body = [new Date(2026, 6, 1).toISOString(), new Date('2026-07-01T00:00').getTimezoneOffset(), new Date(0).toLocaleString(), new Intl.DateTimeFormat().resolvedOptions().timeZone]";
  expect(await messageOf(code)).toBe('returned ["2026-07-01T00:00:00.000Z",0,"1/1/1970, 12:00:00 AM","UTC"]');
});

test("a number that no double holds is cloned as it is", async () => {
  const code =
    "const n = JSON.parse('8202522731445525542'); request.body = [structuredClone({ n }).n === n, JSON.stringify(structuredClone([n]))]";
  expect(await messageOf(code)).toBe('returned [true,"[8202522731445525542]"]');
});

describe("what is not there says so", () => {
  test.each([
    ["fetch('http://h')", "fetch is not there: a transform sends nothing"],
    ["setTimeout(() => {}, 1)", "setTimeout is not there: nothing in a transform can wait"],
    ["require('crypto')", "require is not there: a transform has no modules"],
    ["await import('fs')", "could not load module 'fs': a transform has no modules"],
    ["process.env.X", "process is not there: settings stand in context.env"],
    ["Buffer.from('x')", "Buffer is not there: use TextEncoder"],
    ["window.x", "window is not there: a transform runs in no browser"],
    [
      "await crypto.subtle.generateKey('AES', true, [])",
      "crypto.subtle.generateKey is not there: a transform has digests and HMAC.",
    ],
    [
      "await crypto.subtle.importKey('raw', new Uint8Array(1), 'AES-GCM', false, [])",
      "crypto.subtle knows digests and HMAC in a transform, not AES-GCM.",
    ],
    ["await crypto.subtle.digest('MD5', new Uint8Array(1))", "Use one of SHA-1, SHA-256, SHA-384, SHA-512."],
    ["new TextDecoder().decode(new Uint8Array(1), { stream: true })", "takes all bytes at once"],
    ["request.boddy.x", "cannot read property 'x' of undefined"],
    ["misspelt", "'misspelt' is not defined"],
  ])("%s", async (code, said) => {
    expect(await messageOf(code)).toContain(said);
  });

  test("and can be asked for", async () => {
    expect(await messageOf("request.body = [typeof fetch, typeof require, typeof process, typeof Buffer]")).toBe(
      'returned ["undefined","undefined","undefined","undefined"]',
    );
  });
});

describe("hostile use of the helpers", () => {
  test.each([
    ["btoa('x'.repeat(20e6))", "It needed more than 64 MB of memory"],
    ["await crypto.subtle.digest('SHA-1', new ArrayBuffer(20e6))", "A helper takes at most 16 MiB at a time."],
    ["new URL({ toString() { throw new Error('mine') } })", "Error: mine"],
    ["crypto.getRandomValues(new Uint8Array(1e5))", "At most 65,536"],
    ["structuredClone((() => { let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a; })())", "stack overflow"],
  ])("%s", async (code, said) => {
    expect(await messageOf(code)).toContain(said);
  });

  test.each([
    "for (;;) new URL('http://h/' + 'x'.repeat(1e5))",
    "for (;;) new Intl.DateTimeFormat('de', { timeZone: 'Asia/Tokyo' }).format(0)",
  ])("%s", async (code) => {
    expect(await messageOf(code, ordinary)).toContain("It ran longer than");
  });

  test("what one run does to them is gone in the next", async () => {
    await run(
      "URL.prototype.toString = () => 'mine'; globalThis.atob = null; crypto.subtle.digest = null; JSON.parse = null;",
    );
    expect(await messageOf("request.body = [String(new URL('http://h')), atob('YQ==')]")).toBe(
      'returned ["http://h/","a"]',
    );
  });
});
