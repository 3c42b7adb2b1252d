import { read, write } from "#server/api/operation.ts";
import {
  CreateEndpoint,
  DeletedEndpoint,
  Endpoint,
  GoneEndpoints,
  ListEndpoints,
  ListGoneEndpoints,
  RegisteredEndpoint,
  RenewedEndpoint,
  UpdateEndpoint,
} from "#server/contracts/endpoint.ts";
import { page } from "#server/contracts/page.ts";
import { ById } from "#server/contracts/resource-fields.ts";
import { verifyEndpoint } from "#server/resources/endpoint-challenge.ts";
import { createEndpoint } from "#server/resources/endpoint-registration.ts";
import * as verbs from "#server/resources/endpoints.ts";

const PATH = "/endpoints";
const ONE = "/endpoints/:id";
const OWN = { isOwn: true };

export const endpoints = {
  list: read(PATH, "List endpoints", ListEndpoints, page(Endpoint), verbs.listEndpoints),
  gone: read(
    `${PATH}/gone`,
    "List the endpoints that went within a day",
    ListGoneEndpoints,
    GoneEndpoints,
    verbs.listGoneEndpoints,
  ),
  create: write(
    "connection.write",
    "POST",
    PATH,
    "Register a consumer by URL and event types: a destination and its connections in one",
    CreateEndpoint,
    RegisteredEndpoint,
    createEndpoint,
    { status: 201 },
  ),
  get: read(ONE, "Get an endpoint", ById, Endpoint, verbs.getEndpoint, OWN),
  update: write(
    "connection.write",
    "PATCH",
    ONE,
    "Change an endpoint's URL, event types, lease or pause",
    UpdateEndpoint,
    Endpoint,
    verbs.updateEndpoint,
    OWN,
  ),
  delete: write(
    "resources.delete",
    "DELETE",
    ONE,
    "Remove an endpoint, its connections and its keys",
    ById,
    DeletedEndpoint,
    verbs.deleteEndpoint,
    OWN,
  ),
  renew: write(
    "connection.write",
    "PUT",
    `${ONE}/heartbeat`,
    "Renew an endpoint's lease",
    ById,
    RenewedEndpoint,
    verbs.renewEndpoint,
    OWN,
  ),
  verify: write(
    "destination.write",
    "POST",
    `${ONE}/verify`,
    "Send an endpoint its challenge once more",
    ById,
    Endpoint,
    verifyEndpoint,
    { ...OWN, turns: "outside" },
  ),
};
