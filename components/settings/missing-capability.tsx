import { EmptyState } from "#components/ui/empty-state.tsx";
import { SectionHead } from "./section.tsx";

/** In place of a section that somebody came to by its address and may not read. */
export const MissingCapability = ({ title, what }: { title: string; what: string }) => (
  <>
    <SectionHead title={title} about="" />
    <EmptyState title="This is not for your role">
      {what} needs an admin of the team. An owner can change your role.
    </EmptyState>
  </>
);
