import { Modal } from "@mantine/core";
import { SharePanel, type SharePanelProps } from "./SharePanel";

/** Everybody who has access to a document or diagram. Fetched when somebody reaches for the button that opens it. */
export default function ShareDialog({ onClose, ...panel }: SharePanelProps & { onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      title={panel.kind === "doc" ? "Share this document" : "Share this diagram"}
      closeButtonProps={{ "aria-label": "Close" }}
      size={480}
      centered
    >
      <SharePanel {...panel} />
    </Modal>
  );
}
