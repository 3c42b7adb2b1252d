import { NoSuch } from "#components/detail-page/no-such.tsx";

export default function NoSuchEvent() {
  return <NoSuch what="event" list="/events" />;
}
