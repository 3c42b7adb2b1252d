// Svix's API: `GET /app` lists applications, `GET /app/{id}/endpoint` the endpoints of one, `…/secret` and `…/headers` what belongs to
// an endpoint. Shapes: ApplicationOut, EndpointOut, EndpointSecretOut and EndpointHeadersOut of Svix's OpenAPI document.
import type { Draft, FlowFields } from "./draft.ts";
import type { ExportNode } from "./export-file.ts";
import { typesFilter } from "./filter-clauses.ts";
import { listsOf } from "./lists.ts";
import { addReceiver, fileOf, PUBLISHED, publishSource, STANDARD_SECRET, tellUnread } from "./publisher-export.ts";

/** As Svix documents it; it follows from no export. */
const RETRY = { strategy: "custom", schedule: ["5s", "5m", "30m", "2h", "5h", "10h", "10h"] };
const IRRELEVANT: ReadonlySet<string> = new Set([
  ...["id", "uid", "createdAt", "updatedAt", "metadata", "version", "iterator", "prevIterator", "done", "name"],
  ...["applications", "endpoints"],
]);
const DISABLED = "The connection comes disabled.";

const isEndpoint = (node: ExportNode) => node.kind === "object" && node.members.has("url");
const isApplication = (node: ExportNode) =>
  node.kind === "object" && node.members.has("name") && !node.members.has("url");

export function readSvix(draft: Draft, roots: readonly ExportNode[]): void {
  for (const root of roots) {
    const alone: ExportNode[] = [];
    const apps = new Map<string, string>();
    for (const { under, node } of listsOf(root, ["applications"])) {
      if (isEndpoint(node) && under === null) alone.push(node);
      else if (isApplication(node)) {
        const name = node.at("uid").text() ?? node.at("name").text() ?? node.at("id").text() ?? "svix";
        const source = publishSource(draft, node, name, node.at("name").text());
        for (const key of [node.at("id").text(), node.at("uid").text()]) if (key !== null) apps.set(key, source);
        for (const { node: endpoint } of listsOf(node.at("endpoints"), [])) readEndpoint(draft, endpoint, source, name);
        tellUnread(draft, node, IRRELEVANT, "a source");
      } else if (node !== root || !node.members.has("endpoints")) {
        node.problem("This is no application and no endpoint: give the answer of GET /app/{id}/endpoint.");
      }
    }
    // By the ids of their applications, beside these.
    const byApp = root.kind === "object" ? root.at("endpoints") : null;
    for (const [id, list] of byApp?.kind === "object" ? byApp.members : []) {
      const source = apps.get(id) ?? publishSource(draft, list, id, null);
      for (const { node } of listsOf(list, [])) readEndpoint(draft, node, source, source.replace("publish:", ""));
    }
    for (const endpoint of alone)
      readEndpoint(draft, endpoint, publishSource(draft, endpoint, fileOf(endpoint), null), fileOf(endpoint));
  }
}

function readEndpoint(draft: Draft, node: ExportNode, source: string, app: string): void {
  if (!isEndpoint(node)) {
    if (node.isSet) node.problem("An endpoint has a url.");
    return;
  }
  const id = node.at("id").text() ?? node.at("uid").text() ?? "";
  const name = `${app}-${node.at("uid").text() ?? id}`;
  const limit = node.at("throttleRate").number() ?? node.at("rateLimit").number();
  const destination: FlowFields = {
    description: node.at("description").text(),
    url: node.at("url").text() ?? "",
    ...PUBLISHED,
    ...(limit !== null && limit > 0 && { rateLimit: `${limit}/second` }),
    ...(node.at("disabled").truth() && { disabled: true }),
    defaultRetry: RETRY,
    ...headersOf(draft, node, name),
    ...signatureOf(draft, node, name),
  };
  const channels = node.at("channels");
  const isNarrower = channels.texts().length > 0;
  if (isNarrower)
    draft.note("left", channels, `There are no channels here: write a filter in their place. ${DISABLED}`);
  const code = node.part("transformation");
  const isTransformed = code.at("enabled").truth();
  if (isTransformed)
    draft.note("left", code, `Svix's transformations take other arguments: write one here in its place. ${DISABLED}`);
  const types = typesFilter(node.at("filterTypes").texts());
  draft.noteOnce(
    "changed",
    node,
    "Messages are published by POST /v1/publish, with the event type as type and the payload as data; receivers find webhook-id, webhook-timestamp and webhook-signature, which Svix's libraries read as well.",
  );
  tellUnread(draft, node, IRRELEVANT, "a destination");
  const branch: FlowFields = types === null ? {} : { filter: types };
  addReceiver(draft, { origin: node, source, name, id, destination, branch, isDisabled: isNarrower || isTransformed });
}

/** Both what `GET …/headers` answers and an object of headers alone. */
function headersOf(draft: Draft, node: ExportNode, name: string): FlowFields {
  const given = node.at("headers");
  const inner = given.at("headers");
  const hidden = given.at("sensitive");
  const headers: Record<string, object> = {};
  for (const [header, value] of (inner.kind === "object" ? inner : given).members) {
    if (value.kind !== "text") continue;
    const secret = draft.secret(name, `header_${header}`, value, "Deliveries lack this header.");
    if (secret) headers[header] = secret;
  }
  for (const header of hidden.list()) {
    const without = "Deliveries lack this header.";
    const secret = draft.secret(name, `header_${header.text()}`, header.at("value"), without);
    if (secret) headers[header.text() ?? ""] = secret;
  }
  return Object.keys(headers).length > 0 ? { headers } : {};
}

function signatureOf(draft: Draft, node: ExportNode, name: string): FlowFields {
  const given = node.at("secret");
  const value = given.kind === "object" ? given.at("key") : given;
  const text = value.text();
  if (text?.startsWith("whsk_")) {
    draft.note(
      "left",
      value,
      "Deliveries are not signed with a private key here: the receiver has to verify webhook-signature.",
    );
    return {};
  }
  if (text?.startsWith("whsec_") && !text.includes("…") && !STANDARD_SECRET.test(text)) {
    draft.note("left", value, "A signing secret holds 24 bytes or more here: the destination gets one of its own.");
    return {};
  }
  const without = "The destination has a secret of its own, shown once when it is made: give it to the receiver.";
  const secret = draft.secret(name, "signing_secret", value, without);
  return secret ? { auth: { signingSecret: secret } } : {};
}
