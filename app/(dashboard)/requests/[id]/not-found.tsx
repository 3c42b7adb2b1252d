import { NoSuch } from "#components/detail-page/no-such.tsx";

export default function NoSuchRequest() {
  return <NoSuch what="request" list="/requests" />;
}
