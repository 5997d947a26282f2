import { Component, type ReactNode } from "react";
import { useLocation } from "react-router";
import { FailurePlacard } from "./FailurePlacard";
import { failureOf } from "./messages";
import { NoAccess } from "./NoAccess";
import { NotFound } from "./NotFound";

interface BoundaryProps {
  children: ReactNode;
  /** A change of this gives the children another chance. */
  resetKey: string;
  /** For a part of a page, which may say less than a page does. */
  fallback: ReactNode;
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
    if (!this.state.failed) return this.props.children;
    return this.props.fallback ?? <Failed error={this.state.error} />;
  }
}

function Failed({ error }: { error: unknown }) {
  const failure = failureOf(error);
  if (failure.kind === "refused" && failure.code === "forbidden") return <NoAccess />;
  if (failure.kind === "refused" && failure.code === "not_found") return <NotFound />;
  return <FailurePlacard error={error} />;
}

/** Turns what is thrown while rendering into a page for people. Going to another address tries again. */
export function ErrorBoundary({ children, fallback = null }: { children: ReactNode; fallback?: ReactNode }) {
  const { pathname } = useLocation();
  return (
    <Boundary resetKey={pathname} fallback={fallback}>
      {children}
    </Boundary>
  );
}
