import { PlaceInList } from "#components/detail-page/place-in-list.tsx";
import { EVENTS } from "#components/lists/events.tsx";

/** Where an event stands in its list. */
export const EventPlace = ({ id }: { id: string }) => <PlaceInList definition={EVENTS} id={id} />;
