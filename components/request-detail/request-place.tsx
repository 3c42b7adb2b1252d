import { PlaceInList } from "#components/detail-page/place-in-list.tsx";
import { REQUESTS } from "#components/lists/requests.tsx";

/** Where a request stands in its list. */
export const RequestPlace = ({ id }: { id: string }) => <PlaceInList definition={REQUESTS} id={id} />;
