import { Agent, type ClientRequest } from "node:http";
import type { Duplex } from "node:stream";

const MAX_IDLE_CONNECTIONS = 64;

/**
 * Keeps connections to the gateway for the next caller, except those that something unexpected happened on. Their number has
 * no maximum: a request that waited for one would be given it without being asked here.
 */
export class GatewayAgent extends Agent {
  readonly #usedUp = new WeakSet<Duplex>();

  constructor() {
    super({ keepAlive: true, maxFreeSockets: MAX_IDLE_CONNECTIONS });
  }

  /** Marks the connection of `outgoing` as used up: no other request is written to it. */
  spend(outgoing: ClientRequest): void {
    if (outgoing.socket) this.#usedUp.add(outgoing.socket);
    else outgoing.once("socket", (socket) => this.#usedUp.add(socket));
  }

  /** Asked by the Agent when a request has left its connection; false closes the connection. */
  override keepSocketAlive(socket: Duplex): boolean {
    // The types say that the Agent's own verdict is none, its documentation that it is a boolean.
    return !this.#usedUp.has(socket) && (super.keepSocketAlive(socket) as unknown) !== false;
  }
}
