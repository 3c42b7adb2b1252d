import { NoSuch } from "#components/detail-page/no-such.tsx";

export default function NoSuchAttempt() {
  return <NoSuch what="attempt" list="/attempts" />;
}
