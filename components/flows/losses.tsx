import { Checkbox } from "#components/ui/checkbox.tsx";

interface LossesProps {
  losses: readonly string[];
  ticked: ReadonlySet<string>;
  onTick: (ticked: ReadonlySet<string>) => void;
}

/** What is lost for good. Each is ticked before it may go. */
export const Losses = ({ losses, ticked, onTick }: LossesProps) =>
  losses.map((loss) => (
    <Checkbox key={loss} state={ticked.has(loss)} onChange={(isOn) => onTick(withTick(ticked, loss, isOn))}>
      {loss}
    </Checkbox>
  ));

function withTick(ticked: ReadonlySet<string>, loss: string, isOn: boolean): ReadonlySet<string> {
  const next = new Set(ticked);
  if (isOn) next.add(loss);
  else next.delete(loss);
  return next;
}
