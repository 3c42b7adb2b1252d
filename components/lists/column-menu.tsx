import { Button } from "#components/ui/button.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { Menu, MenuCheck, MenuItem, MenuSeparator } from "#components/ui/menu.tsx";
import { type ListColumn, withKey } from "./columns.ts";

interface ColumnMenuProps<Row> {
  all: readonly ListColumn<Row>[];
  /** The keys of those that are shown. */
  keys: readonly string[];
  /** Null: the usual ones. */
  onChoose: (keys: readonly string[] | null) => void;
}

/** The columns of a list, each with a box. The menu stays open while somebody chooses. */
export const ColumnMenu = <Row,>({ all, keys, onChoose }: ColumnMenuProps<Row>) => (
  <Menu
    trigger={
      <Button kind="quiet" icon="columns" className="max-md:hidden">
        <span className="flex items-center gap-1">
          Columns
          <Icon name="down" size={12} />
        </span>
      </Button>
    }
  >
    {all.map(({ key, head }, at) => (
      <MenuCheck
        key={key}
        isOn={keys.includes(key)}
        isDisabled={at === 0}
        onChange={() => onChoose(withKey(all, keys, key))}
      >
        {head}
      </MenuCheck>
    ))}
    <MenuSeparator />
    <MenuItem icon="replay" onSelect={() => onChoose(null)}>
      The usual columns
    </MenuItem>
  </Menu>
);
