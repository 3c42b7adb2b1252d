import { NoSuch } from "#components/detail-page/no-such.tsx";

export default function NoSuchTransformation() {
  return <NoSuch what="transformation" list="/transformations" />;
}
