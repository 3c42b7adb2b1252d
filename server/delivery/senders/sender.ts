// The interface of a sender: one kind of destination's way to deliver an event. The lane knows nothing of kinds: it paces,
// sends and settles.
import type { HeaderList } from "#server/contracts/header-list.ts";
import type { DueEvent } from "#server/delivery/due-events.sql.ts";
import type { SendOutcome } from "#server/egress/client.ts";
import type { SendableRequest } from "#server/events/stored-request.sql.ts";

/** The sent request as it is recorded, and its outcome. */
export interface Sending {
  /** Without the secrets that stand in it. */
  requestedUrl: string;
  method: string;
  /** With secrets masked. */
  headers: HeaderList;
  outcome: SendOutcome;
}

export interface Moment {
  /** The begin of the attempt. */
  startedAt: Date;
  /** To be called when the bytes leave: from here on the receiver may have seen the event. */
  onSent: () => void;
}

/** Writes many events as one file. */
export interface FileSender {
  limits: { waitMs: number; maxBytes: number };
  /** The name of a new file, after its first event. */
  keyOf(first: DueEvent, id: string): string;
  write(key: string, text: Buffer, onSent: () => void): Promise<Sending>;
}

export interface Sender {
  /** Where events are to be written many to a file. */
  files?: FileSender;
  /** One attempt to deliver exactly `body`. Never rejects for what the network or the receiver does. */
  send(event: DueEvent, request: SendableRequest, body: Buffer, moment: Moment): Promise<Sending>;
}
