import { Button } from "@mantine/core";
import { useQuery } from "convex/react";
import { Link } from "react-router";
import { api } from "../../convex/_generated/api";
import { Placard } from "./Placard";

interface NoAccessProps {
  /** What the page would have shown. */
  what?: "document" | "diagram" | "page";
}

/** For somebody who is signed in and may not see this, or may not see it any more. */
export function NoAccess({ what = "page" }: NoAccessProps) {
  const me = useQuery(api.users.me);
  return (
    <Placard
      title={`You don’t have access to this ${what}`}
      actions={
        <Button component={Link} to="/">
          Go to your workspace
        </Button>
      }
    >
      Ask its owner to share it with{" "}
      {me?.email ? <strong>{me.email}</strong> : "the address you sign in with"}. As soon as they do, this
      link will work.
    </Placard>
  );
}
