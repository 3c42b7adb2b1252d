// Outpost's API: `GET /tenants` and, for each, `GET /tenants/{id}/destinations`. Shapes: Tenant and the Destination of each type in
// `docs/apis/openapi.yaml` of hookdeck/outpost.
import { isObject, type Json } from "#server/json/value.ts";
import type { Draft, FlowFields } from "./draft.ts";
import type { ExportNode } from "./export-file.ts";
import { readClause, typesFilter } from "./filter-clauses.ts";
import { listsOf } from "./lists.ts";
import { addReceiver, fileOf, PUBLISHED, publishSource, STANDARD_SECRET, tellUnread } from "./publisher-export.ts";

const IRRELEVANT: ReadonlySet<string> = new Set([
  ...[
    "id",
    "created_at",
    "updated_at",
    "metadata",
    "target",
    "target_url",
    "tenant_id",
    "destinations_count",
    "topics",
  ],
  ...["previous_secret", "previous_secret_invalid_at", "destinations"],
]);
const SIGNATURE_HEADER = "x-outpost-signature";
const DISABLED = "The connection comes disabled.";

const isDestination = (node: ExportNode) => node.members.has("type") && node.members.has("config");

export function readOutpost(draft: Draft, roots: readonly ExportNode[]): void {
  for (const root of roots) {
    for (const { under, node } of listsOf(root, ["tenants"])) {
      if (node.kind === "object" && isDestination(node) && under === null) {
        const tenant = node.at("tenant_id").text() ?? fileOf(node);
        readDestination(draft, node, publishSource(draft, node, tenant, null), tenant);
      } else if (node.kind === "object" && node.members.has("id") && !isDestination(node)) {
        const tenant = node.at("id").text() ?? "outpost";
        const source = publishSource(draft, node, tenant, null);
        for (const { node: each } of listsOf(node.at("destinations"), []))
          if (each.isSet) readDestination(draft, each, source, tenant);
        tellUnread(draft, node, IRRELEVANT, "a source");
      } else {
        node.problem("This is no tenant and no destination: give the answer of GET /tenants/{id}/destinations.");
      }
    }
  }
}

function readDestination(draft: Draft, node: ExportNode, source: string, tenant: string): void {
  const id = node.at("id").text();
  const type = node.at("type").text();
  if (id === null || type === null) {
    node.problem("A destination has an id and a type.");
    return;
  }
  const name = `${tenant}-${id}`;
  const settings =
    type === "webhook" ? webhook(draft, node, name) : type === "aws_s3" ? bucket(draft, node, name) : null;
  if (settings === null) {
    draft.note("left", node, `A destination of type ${type} is left out: webhook and aws_s3 are carried over.`);
    return;
  }
  const isDisabled = node.at("disabled_at").isSet || settings.disabled === true;
  const topics = node.at("topics");
  const types = typesFilter(topics.kind === "text" ? [topics.text() ?? "*"] : topics.texts());
  const filter = readFilter(draft, node.part("filter"));
  const both = [filter.clauses.event, types?.event].filter((each) => each !== undefined);
  const clauses = { ...filter.clauses, ...types, ...(both.length > 1 && { event: { $and: both } }) };
  for (const part of [node, node.part("config"), node.part("credentials")])
    tellUnread(draft, part, IRRELEVANT, "a destination");
  draft.noteOnce(
    "changed",
    node,
    "Events are published by POST /v1/publish, with the topic as type; receivers find it in ce-type and the id in webhook-id.",
  );
  addReceiver(draft, {
    ...{ origin: node, source, name, id },
    destination: { ...settings, ...(isDisabled && { disabled: true }) },
    branch: Object.keys(clauses).length > 0 ? { filter: clauses } : {},
    isDisabled: filter.isLost,
  });
}

/** A filter there sees the whole event: its data is the body here, its topic the event type. */
function readFilter(draft: Draft, node: ExportNode): { clauses: FlowFields; isLost: boolean } {
  const given: Json = node.json();
  if (!isObject(given)) return { clauses: {}, isLost: false };
  const { data, topic, ...rest } = given;
  const parts = [data, topic].map((each) => (each === undefined ? null : readClause(each)));
  const unknown = [...Object.keys(rest), ...parts.flatMap((part) => part?.unknown ?? [])];
  if (unknown.length > 0)
    draft.note("left", node, `A filter cannot ask for ${unknown.join(", ")} here: write it anew. ${DISABLED}`);
  const [body, type] = parts;
  const clauses = { ...(body && { body: body.clause }), ...(type && { event: { type: type.clause } }) };
  return unknown.length > 0 ? { clauses: {}, isLost: true } : { clauses, isLost: false };
}

function webhook(draft: Draft, node: ExportNode, name: string): FlowFields {
  const config = node.part("config");
  return {
    url: config.at("url").text() ?? "",
    ...PUBLISHED,
    ...headersOf(draft, node, name),
    ...signatureOf(draft, node.part("credentials").at("secret"), name),
  };
}

function headersOf(draft: Draft, node: ExportNode, name: string): FlowFields {
  const custom = node.part("config").at("custom_headers");
  const headers: Record<string, object> = {};
  const add = (header: string, value: string) => {
    const secret = draft.secretOf(name, `header_${header}`, value);
    if (secret) headers[header] = secret;
  };
  for (const [header, value] of Object.entries(objectIn(custom))) add(header, value);
  // Merged into the event's metadata there, which goes along as headers.
  for (const [key, value] of node.part("delivery_metadata").members) add(`x-outpost-${key}`, value.text() ?? "");
  return Object.keys(headers).length > 0 ? { headers } : {};
}

/** Headers stand in a text of JSON. */
function objectIn(node: ExportNode): Record<string, string> {
  const text = node.text();
  if (text === null) return {};
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && Object.values(value).every((each) => typeof each === "string"))
      return value as Record<string, string>;
  } catch {
    // Told below.
  }
  node.problem("custom_headers is a text of JSON with the headers by their names.");
  return {};
}

function signatureOf(draft: Draft, value: ExportNode, name: string): FlowFields {
  const without = "The destination has a secret of its own, shown once when it is made: give it to the receiver.";
  const secret = draft.secret(name, "signing_secret", value, without);
  if (secret === null) return {};
  if (STANDARD_SECRET.test(draft.valueOf(secret))) return { auth: { signingSecret: secret } };
  draft.noteOnce(
    "changed",
    value,
    `Deliveries are signed in ${SIGNATURE_HEADER} with the same secret, in hexadecimal digits without v0= before them.`,
  );
  return {
    authType: "CUSTOM_SIGNATURE",
    auth: { header: SIGNATURE_HEADER, signingSecret: secret, algorithm: "sha256", encoding: "hex" },
  };
}

function bucket(draft: Draft, node: ExportNode, name: string): FlowFields {
  const [config, credentials] = [node.part("config"), node.part("credentials")];
  const without = "The destination cannot be made.";
  const secret = draft.secret(name, "secret_access_key", credentials.at("secret"), without);
  const template = config.at("key_template");
  if (template.text() !== null)
    draft.note("changed", template, "Objects have the usual names here: set key to change them.");
  const [session, storage] = [credentials.at("session"), config.at("storage_class")];
  if (session.text() !== null)
    draft.note(
      "left",
      session,
      "Temporary credentials are not carried over: give lasting ones. The destination comes disabled.",
    );
  if (storage.text() !== null) draft.note("left", storage, "Objects have the storage class of the bucket here.");
  return {
    type: "S3",
    bucket: config.at("bucket").text() ?? "",
    region: config.at("region").text() ?? "",
    auth: { accessKeyId: credentials.at("key").text() ?? "", secretAccessKey: secret },
    ...(session.text() !== null && { disabled: true }),
  };
}
