// Requests that wait for routing: the door has committed them in a hand-off, and no worker has written their branches.

/**
 * A condition on a request, given as two SQL expressions. A flush holds ids of a few seconds, so its lowest and its highest
 * rule out all but a few hand-offs, however many wait.
 */
export const isHandedOff = (teamId: string, requestId: string): string => `exists (
    select from hand_off h where h.first_id <= ${requestId} and h.last_id >= ${requestId} and exists (
      select from json_array_elements(h.requests) as handed where handed ->> 0 = ${teamId} and handed ->> 1 = ${requestId}))`;
