import type { IncomingMessage, ServerResponse } from "node:http";
import Fastify, { type FastifyInstance } from "fastify";

/** The policy of the page: its own parts only, and no network of anybody else. The library writes its styles inline. */
const policy = (nonce: string) =>
  [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");

/** The library takes one nonce at its start. It gets this text, which each answer replaces by a nonce of its own. */
const PLACEHOLDER = "the-nonce-of-this-answer";

async function makePage(makeNonce: () => string): Promise<FastifyInstance> {
  const { default: scalar } = await import("@scalar/fastify-api-reference");
  const page = Fastify({});
  page.addHook("onSend", async (_request, reply, payload) => {
    const nonce = makeNonce();
    reply.headers({
      "content-security-policy": policy(nonce),
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
    });
    const isPage = String(reply.getHeader("content-type")).startsWith("text/html");
    if (!isPage || typeof payload !== "string") return payload;
    reply.removeHeader("content-length");
    return payload.replaceAll(PLACEHOLDER, nonce);
  });
  await page.register(scalar, {
    routePrefix: "/v1/docs",
    configuration: {
      url: "/v1/openapi.json",
      pageTitle: "Switchyard API",
      nonce: PLACEHOLDER,
      withDefaultFonts: false,
      telemetry: false,
      hideClientButton: true,
      // Each of these offers to hand the document to the library's makers.
      agent: { disabled: true },
      mcp: { disabled: true },
      showDeveloperTools: "never",
    },
  });
  await page.ready();
  return page;
}

/** The readable reference at /v1/docs. Its 4 MB of script are only loaded when somebody opens it. */
export function makeReference({ makeNonce }: { makeNonce: () => string }) {
  let page: Promise<FastifyInstance> | undefined;
  return {
    async handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
      // The library reads each URL with the Host before it, which HTTP/1.0 leaves out and strangers misspell.
      req.headers.host = "localhost";
      page ??= makePage(makeNonce);
      (await page).routing(req, res);
    },
    async close(): Promise<void> {
      await (await page)?.close();
    },
  };
}
