import { read, search, write } from "#server/api/operation.ts";
import { SetBreaker } from "#server/contracts/breaker.ts";
import { CheckedSignature, CheckSignature } from "#server/contracts/check-signature.ts";
import {
  CreateDestination,
  Destination,
  DuplicateDestination,
  ListDestinations,
  UpdateDestination,
} from "#server/contracts/destination.ts";
import { GroupBacklogs, SwitchGroup } from "#server/contracts/groups.ts";
import { OrderNow } from "#server/contracts/order-now.ts";
import { page } from "#server/contracts/page.ts";
import { ById, Deleted, SwitchOne } from "#server/contracts/resource-fields.ts";
import { RotatedSecret, RotateSecret } from "#server/contracts/rotate-secret.ts";
import { CheckDestination, CheckedDestination } from "#server/contracts/s3-destination.ts";
import { checkDestination } from "#server/resources/check-destination.ts";
import { checkSignature } from "#server/resources/check-signature.ts";
import { listGroups, pauseGroup, resumeGroup } from "#server/resources/destination-groups.ts";
import * as verbs from "#server/resources/destinations.ts";
import { getOrder } from "#server/resources/order.ts";

const PATH = "/destinations";
const ONE = "/destinations/:id";

export const destinations = {
  list: read(PATH, "List destinations", ListDestinations, page(Destination), verbs.listDestinations),
  create: write(
    "destination.write",
    "POST",
    PATH,
    "Create a destination",
    CreateDestination,
    Destination,
    verbs.createDestination,
    {
      status: 201,
    },
  ),
  upsert: write(
    "destination.write",
    "PUT",
    PATH,
    "Create a destination or change the one of this name",
    CreateDestination,
    Destination,
    verbs.upsertDestination,
  ),
  get: read(ONE, "Get a destination", ById, Destination, verbs.getDestination),
  order: search(
    `${ONE}/order`,
    "Say how a destination's order stands, and which events block it",
    ById,
    OrderNow,
    getOrder,
  ),
  update: write(
    "destination.write",
    "PATCH",
    ONE,
    "Change a destination; config is merged",
    UpdateDestination,
    Destination,
    verbs.updateDestination,
  ),
  delete: write(
    "resources.delete",
    "DELETE",
    ONE,
    "Delete a destination that no connection uses",
    ById,
    Deleted,
    verbs.deleteDestination,
  ),
  enable: write(
    "destination.write",
    "PUT",
    `${ONE}/enable`,
    "Enable a destination",
    SwitchOne,
    Destination,
    verbs.enableDestination,
  ),
  disable: write(
    "destination.write",
    "PUT",
    `${ONE}/disable`,
    "Disable a destination: every branch to it stops",
    SwitchOne,
    Destination,
    verbs.disableDestination,
  ),
  breaker: write(
    "destination.write",
    "PUT",
    `${ONE}/breaker`,
    "Open or close a destination's breaker by hand, or leave it to itself",
    SetBreaker,
    Destination,
    verbs.setDestinationBreaker,
  ),
  groups: search(
    `${ONE}/groups`,
    "List what waits of a destination's groups, the longest queue first",
    ById,
    GroupBacklogs,
    listGroups,
  ),
  pauseGroup: write(
    "destination.write",
    "PUT",
    `${ONE}/groups/pause`,
    "Pause one group of a destination: its events are held",
    SwitchGroup,
    Destination,
    pauseGroup,
  ),
  resumeGroup: write(
    "destination.write",
    "PUT",
    `${ONE}/groups/resume`,
    "Go on with a group of a destination that was paused",
    SwitchGroup,
    Destination,
    resumeGroup,
  ),
  duplicate: write(
    "destination.write",
    "POST",
    `${ONE}/duplicate`,
    "Make another destination with the same settings and secrets",
    DuplicateDestination,
    Destination,
    verbs.duplicateDestination,
    { status: 201 },
  ),
  rotateSecret: write(
    "secrets.rotate",
    "POST",
    `${ONE}/rotate-secret`,
    "Rotate a destination's secret",
    RotateSecret,
    RotatedSecret,
    verbs.rotateDestinationSecret,
  ),
  check: write(
    "destination.write",
    "POST",
    `${PATH}/check`,
    "Try the settings of a bucket with a small object, saved or not",
    CheckDestination,
    CheckedDestination,
    checkDestination,
    { turns: "outside" },
  ),
  checkSignature: write(
    "destination.write",
    "POST",
    `${ONE}/check-signature`,
    "Say which part of a signature that a receiver got does not fit",
    CheckSignature,
    CheckedSignature,
    checkSignature,
  ),
};
