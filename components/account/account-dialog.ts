/** What each dialog about the account is given. */
export interface AccountDialogProps {
  isOpen: boolean;
  onOpenChange: (isOpen: boolean) => void;
  /** Called when something was changed. */
  onDone: () => void;
}
