/** A page of the hooks of `convex/react`, for browser.test.ts. Its address says which deployment and what to show. */
import { ConvexProvider, ConvexProviderWithAuth, ConvexReactClient, useConvexAuth } from "convex/react";
import { useMutation, usePaginatedQuery, useQuery } from "convex/react";
import type { GenericId } from "convex/values";
import { Component, createContext, useCallback, useContext, useEffect, useMemo, useState } from "react";
import type { ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { api } from "../api";

declare global {
  interface Window {
    /** Every state that was shown, in order. */
    seen: unknown[];
    /** The test's: a token for whoever signs in. */
    freshToken(): Promise<string>;
  }
}

const settings = new URLSearchParams(location.search);
const setting = (name: string) => settings.get(name) ?? "";

window.seen = [];

function useSeen(state: unknown): void {
  // As text, because equal results are not the same object; JSON has no `undefined`.
  const text = JSON.stringify(state ?? null);
  useEffect(() => {
    window.seen.push(JSON.parse(text));
  }, [text]);
}

function Counter() {
  const id = setting("id") as GenericId<"counters">;
  const [watching, setWatching] = useState(true);
  const [problem, setProblem] = useState("");
  const value = useQuery(api.counters.get, watching ? { id } : "skip");
  useSeen(value);
  const increment = useMutation(api.counters.increment).withOptimisticUpdate((store, args) => {
    const current = store.getQuery(api.counters.get, args);
    if (typeof current === "number") store.setQuery(api.counters.get, args, current + 1);
  });
  const fail = useMutation(api.counters.incrementAndThrow).withOptimisticUpdate((store, args) =>
    store.setQuery(api.counters.get, args, 100),
  );
  return (
    <>
      <output>{value ?? "nothing"}</output>
      <button onClick={() => void increment({ id })}>Increment</button>
      <button onClick={() => void fail({ id }).catch((error: unknown) => setProblem(String(error)))}>
        Fail
      </button>
      <button onClick={() => setWatching(!watching)}>Watch</button>
      <p role="alert">{problem}</p>
    </>
  );
}

function Pages() {
  const where = { run: setting("run"), channel: "page" };
  const { results, status, loadMore } = usePaginatedQuery(api.messages.page, where, { initialNumItems: 5 });
  const ranks = results.map(({ rank }) => rank);
  useSeen({ status, ranks });
  return (
    <>
      <output>{ranks.join(" ")}</output>
      <p role="status">{status}</p>
      <button onClick={() => loadMore(5)}>More</button>
    </>
  );
}

class Boundary extends Component<{ children: ReactNode }, { problem: string | null }> {
  override state: { problem: string | null } = { problem: null };

  static getDerivedStateFromError(error: unknown) {
    return { problem: String(error) };
  }

  override render() {
    return this.state.problem === null ? this.props.children : <p role="alert">{this.state.problem}</p>;
  }
}

function Failing() {
  useQuery(api.errors.plain, {});
  return <output>no error yet</output>;
}

const SignedIn = createContext(false);

function useSignIn() {
  const isAuthenticated = useContext(SignedIn);
  const fetchAccessToken = useCallback(() => window.freshToken(), []);
  return useMemo(
    () => ({ isLoading: false, isAuthenticated, fetchAccessToken }),
    [isAuthenticated, fetchAccessToken],
  );
}

function Account() {
  const [signedIn, setSignedIn] = useState(false);
  return (
    <SignedIn value={signedIn}>
      <ConvexProviderWithAuth client={client} useAuth={useSignIn}>
        <WhoAmI />
      </ConvexProviderWithAuth>
      <button onClick={() => setSignedIn(!signedIn)}>Sign in or out</button>
    </SignedIn>
  );
}

function WhoAmI() {
  const { isLoading, isAuthenticated } = useConvexAuth();
  const identity = useQuery(api.identity.whoAmI, isLoading ? "skip" : {});
  useSeen({ isLoading, isAuthenticated });
  if (isLoading || identity === undefined) return <output>loading</output>;
  return <output>{identity === null ? "nobody" : `${isAuthenticated} ${identity.subject}`}</output>;
}

const views: Record<string, ReactNode> = {
  counter: <Counter />,
  pages: <Pages />,
  failing: (
    <Boundary>
      <Failing />
    </Boundary>
  ),
};

const client = new ConvexReactClient(setting("url"), { logger: false });
const root = document.getElementById("root");
if (root !== null) {
  const view = setting("view");
  createRoot(root).render(
    view === "account" ? <Account /> : <ConvexProvider client={client}>{views[view]}</ConvexProvider>,
  );
}
