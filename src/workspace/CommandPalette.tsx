import { Modal, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useQuery_experimental as useQueryResult } from "convex/react";
import { useId, useState, type KeyboardEvent } from "react";
import { useNavigate } from "react-router";
import { api } from "../../convex/_generated/api";
import classes from "./CommandPalette.module.css";
import { KIND_NAMES, pathOf, type Item } from "./items";
import { ItemIcon } from "./ItemIcon";
import { useCommands, type Command } from "./useCommands";
import { useFound } from "./useTree";

const TYPING_PAUSE_MS = 80;

interface CommandPaletteProps {
  onClose: () => void;
  onShowShortcuts: () => void;
}

/** Opens everything by its name: documents and diagrams, workspaces, people, and what can be done. */
export default function CommandPalette({ onClose, onShowShortcuts }: CommandPaletteProps) {
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [asked] = useDebouncedValue(text.trim(), TYPING_PAUSE_MS);
  const [chosen, setChosen] = useState(0);
  const listId = useId();
  const items = useItems(asked);
  const commands = useCommands(onShowShortcuts, asked);
  const matching = asked === "" ? commands.filter(({ always }) => always) : commands.filter(matches(asked));
  const options = [...(items ?? []).map(optionOf(navigate)), ...matching];
  const current = Math.min(chosen, options.length - 1);

  function run(option: Command | undefined) {
    if (option === undefined || option.blocked !== null) return;
    onClose();
    option.run();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") setChosen(Math.min(current + 1, options.length - 1));
    else if (event.key === "ArrowUp") setChosen(Math.max(current - 1, 0));
    else if (event.key === "Enter") run(options[current]);
    else return;
    event.preventDefault();
  }

  return (
    <Modal.Root opened onClose={onClose} size={560} yOffset="12vh">
      <Modal.Overlay />
      <Modal.Content aria-label="Open anything">
        <TextInput
          aria-label="Open anything by its name"
          placeholder="A document, a diagram, a person, something to do…"
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={options.length > 0 ? `${listId}-${current}` : undefined}
          variant="unstyled"
          size="md"
          className={classes.field}
          leftSection={<IconSearch size={18} stroke={1.7} aria-hidden="true" />}
          value={text}
          maxLength={200}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
          data-autofocus
        />
        <ul id={listId} role="listbox" aria-label="What can be opened" className={classes.list}>
          {options.map((option, i) => (
            <li
              key={option.key}
              id={`${listId}-${i}`}
              role="option"
              aria-selected={i === current}
              aria-disabled={option.blocked !== null}
              className={classes.option}
              ref={(row) => {
                if (i === current) row?.scrollIntoView({ block: "nearest" });
              }}
              onPointerMove={() => setChosen(i)}
              onClick={() => run(option)}
            >
              <span className={classes.icon}>{option.icon}</span>
              <span className={classes.name} dir="auto">
                {option.name}
              </span>
              <span className={classes.hint}>{option.blocked ?? option.hint}</span>
            </li>
          ))}
        </ul>
        {options.length === 0 && items !== null && (
          <Text size="sm" c="dimmed" className={classes.nothing} role="status">
            Nothing is called that.
          </Text>
        )}
      </Modal.Content>
    </Modal.Root>
  );
}

/** What was opened lately, until something is typed. `null` while it is looked up. */
function useItems(asked: string): Item[] | null {
  const recents = useQueryResult({ query: api.shortcuts.recents, args: asked === "" ? {} : "skip" });
  const found = useFound(asked);
  if (asked !== "") return found;
  return recents.status === "success" ? recents.data.slice(0, 6) : null;
}

function optionOf(navigate: (path: string) => unknown) {
  return (item: Item): Command => ({
    key: item.resourceId,
    name: item.title,
    hint: KIND_NAMES[item.kind],
    icon: <ItemIcon item={item} />,
    always: true,
    blocked: null,
    run: () => void navigate(pathOf(item)),
  });
}

/** Every word that was typed begins a word of the name. */
function matches(asked: string) {
  const words = asked.toLowerCase().split(/\s+/);
  return ({ name }: Command) => {
    const parts = name.toLowerCase().split(/\s+/);
    return words.every((word) => parts.some((part) => part.startsWith(word)));
  };
}
