import Link from "next/link";
import { Icon } from "./icon.tsx";

interface FormErrorProps {
  children: string | undefined;
  /** Where the docs say more. */
  docs?: string | undefined;
}

/** Why a form was refused, where no field of it is to blame. */
export const FormError = ({ children, docs }: FormErrorProps) =>
  children === undefined ? null : (
    <p role="alert" className="flex gap-1 text-failed text-xs">
      <Icon name="warning" size={12} className="mt-0.5" />
      <span>
        {children}{" "}
        {docs ? (
          <Link href={docs} prefetch={false} className="underline underline-offset-2">
            Read more
          </Link>
        ) : null}
      </span>
    </p>
  );
