import { PlaceInList } from "#components/detail-page/place-in-list.tsx";
import { ATTEMPTS } from "#components/lists/attempts.tsx";

/** Where an attempt stands in its list. */
export const AttemptPlace = ({ id }: { id: string }) => <PlaceInList definition={ATTEMPTS} id={id} />;
