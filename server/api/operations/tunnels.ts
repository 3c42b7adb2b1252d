import { read, write } from "#server/api/operation.ts";
import { ById, Deleted } from "#server/contracts/resource-fields.ts";
import {
  AnsweredTunnel,
  AnswerTunnel,
  ListTunnels,
  NextOfTunnel,
  OpenTunnel,
  Tunnel,
  TunnelNews,
  Tunnels,
} from "#server/contracts/tunnel.ts";
import * as verbs from "#server/resources/tunnels.ts";

const PATH = "/tunnels";
const ONE = "/tunnels/:id";

export const tunnels = {
  list: read(PATH, "List the listeners on people's machines", ListTunnels, Tunnels, verbs.listTunnels),
  open: write(
    "connection.write",
    "POST",
    PATH,
    "Begin to listen: make a destination for it, and connections from its sources",
    OpenTunnel,
    Tunnel,
    verbs.openTunnel,
    { status: 201 },
  ),
  get: read(ONE, "Get a listener", ById, Tunnel, verbs.getTunnel),
  next: write(
    "connection.write",
    "POST",
    `${ONE}/next`,
    "Wait for the next events of a listener",
    NextOfTunnel,
    TunnelNews,
    verbs.nextOfTunnel,
    { turns: "tunnels" },
  ),
  answer: write(
    "connection.write",
    "POST",
    `${ONE}/answers`,
    "Record what a listener's server has answered",
    AnswerTunnel,
    AnsweredTunnel,
    verbs.answerTunnel,
  ),
  end: write(
    "connection.write",
    "DELETE",
    ONE,
    "End a listener: its destination goes, and what waits for it is cancelled",
    ById,
    Deleted,
    verbs.endTunnel,
  ),
};
