import { Button } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { useLocation } from "react-router";
import { explain, failureOf } from "./messages";
import { NoAccess } from "./NoAccess";
import { NotFound } from "./NotFound";
import { Placard } from "./Placard";

interface BoundaryProps {
  children: ReactNode;
  /** A change of this gives the children another chance. */
  resetKey: string;
}

interface BoundaryState {
  error: unknown;
  failed: boolean;
  resetKey: string;
}

class Boundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { error: null, failed: false, resetKey: this.props.resetKey };

  static getDerivedStateFromError(error: unknown): Partial<BoundaryState> {
    return { error, failed: true };
  }

  static getDerivedStateFromProps(props: BoundaryProps, state: BoundaryState): Partial<BoundaryState> | null {
    if (props.resetKey === state.resetKey) return null;
    return { error: null, failed: false, resetKey: props.resetKey };
  }

  override render() {
    return this.state.failed ? <Failed error={this.state.error} /> : this.props.children;
  }
}

function Failed({ error }: { error: unknown }) {
  const failure = failureOf(error);
  if (failure.kind === "refused" && failure.code === "forbidden") return <NoAccess />;
  if (failure.kind === "refused" && failure.code === "not_found") return <NotFound />;
  const { what, next } = explain(error);
  return (
    <Placard
      title={what.replace(/\.$/, "")}
      actions={
        <>
          <Button onClick={() => location.reload()}>Reload the page</Button>
          <Button component="a" href="/" variant="default">
            Go to your workspace
          </Button>
        </>
      }
    >
      {next}
    </Placard>
  );
}

/** Turns what is thrown while rendering into a page for people. Going to another address tries again. */
export function ErrorBoundary({ children }: { children: ReactNode }) {
  const { pathname } = useLocation();
  return <Boundary resetKey={pathname}>{children}</Boundary>;
}
