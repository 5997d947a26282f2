import { Button, CopyButton } from "@mantine/core";
import { IconLink } from "@tabler/icons-react";

interface CopyLinkButtonProps {
  /** Path in this application. */
  path: string;
  /** For those who do not see what stands beside it; begins with the words on the button. */
  label: string;
}

export function CopyLinkButton({ path, label }: CopyLinkButtonProps) {
  return (
    <CopyButton value={`${location.origin}${path}`}>
      {({ copied, copy }) => (
        <Button
          size="compact-sm"
          variant="light"
          leftSection={<IconLink size={16} aria-hidden="true" />}
          aria-label={copied ? undefined : label}
          onClick={copy}
        >
          {copied ? "Copied" : "Copy link"}
        </Button>
      )}
    </CopyButton>
  );
}
