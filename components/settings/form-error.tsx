import { Icon } from "#components/ui/icon.tsx";

/** Why a form was refused, where no field of it is to blame. */
export const FormError = ({ children }: { children: string | undefined }) =>
  children === undefined ? null : (
    <p role="alert" className="flex gap-1 text-failed text-xs">
      <Icon name="warning" size={12} className="mt-0.5" />
      <span>{children}</span>
    </p>
  );
