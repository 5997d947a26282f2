import { Modal } from "@mantine/core";
import classes from "./ShortcutOverview.module.css";

const COMMAND = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";

const GROUPS: { title: string; keys: [keys: string[], what: string][] }[] = [
  {
    title: "Everywhere",
    keys: [
      [[COMMAND, "K"], "Open anything by its name"],
      [["?"], "This overview"],
    ],
  },
  {
    title: "In the sidebar, on a document or diagram",
    keys: [
      [["↑"], "Go to the one above"],
      [["↓"], "Go to the one below"],
      [["Enter"], "Open it"],
      [["→"], "Show what lies in it"],
      [["←"], "Hide that again"],
      [["F2"], "Rename it"],
      [["Alt", "↑"], "Move it up"],
      [["Alt", "↓"], "Move it down"],
      [["Delete"], "Put it into the trash"],
    ],
  },
  {
    title: "In a document",
    keys: [
      [["/"], "Insert a block"],
      [[COMMAND, "B"], "Bold"],
      [[COMMAND, "I"], "Italic"],
      [[COMMAND, "K"], "Make a link of what is selected"],
      [[COMMAND, "Z"], "Undo what you did"],
    ],
  },
];

export default function ShortcutOverview({ onClose }: { onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      title="Keyboard shortcuts"
      closeButtonProps={{ "aria-label": "Close" }}
      size={480}
      centered
    >
      {GROUPS.map(({ title, keys }) => (
        <section key={title} className={classes.group}>
          <h3 className={classes.title}>{title}</h3>
          <dl className={classes.list}>
            {keys.map(([combination, what]) => (
              <div key={what} className={classes.row}>
                <dt>{what}</dt>
                <dd className={classes.keys}>
                  {combination.map((key) => (
                    <kbd key={key} className={classes.key}>
                      {key}
                    </kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}
