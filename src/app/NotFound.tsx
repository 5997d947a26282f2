import { Button } from "@mantine/core";
import { Link } from "react-router";
import { Placard } from "./Placard";

/** For an address that leads nowhere, and for a document or diagram that is gone. */
export function NotFound() {
  return (
    <Placard
      title="There is nothing here"
      actions={
        <Button component={Link} to="/">
          Go to your workspace
        </Button>
      }
    >
      The address may be mistyped, or what was here has been deleted. If somebody sent you this link, ask them
      to send it again.
    </Placard>
  );
}
