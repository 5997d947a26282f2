import { Button, Group, Modal, Text } from "@mantine/core";
import type { SignOut } from "./useSignOut";

/** Asks before signing out takes edits along that no server has yet. */
export function SignOutDialog({ asking, confirm, cancel }: SignOut) {
  return (
    <Modal
      opened={asking}
      onClose={cancel}
      title="Sign out and lose changes?"
      closeButtonProps={{ "aria-label": "Close" }}
      size={440}
      centered
    >
      <Text size="sm">
        Some of your last changes are not saved yet: they are only on this device, and signing out discards
        them. Stay signed in until they are saved, or copy what you need first.
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={cancel} data-autofocus>
          Stay signed in
        </Button>
        <Button color="red" onClick={confirm}>
          Sign out anyway
        </Button>
      </Group>
    </Modal>
  );
}
