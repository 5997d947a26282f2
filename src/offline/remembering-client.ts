/**
 * The Convex client, which remembers on this device what the lists of the workspace said last. As long as the backend
 * has not answered a question about a list, the remembered answer is given, to every hook that asks in the usual way.
 * Nothing else is remembered: who may see a document is not a list's business.
 *
 * Whose answers they are is read from the token that the backend is shown. It is not verified, and need not be:
 * whoever can write this browser's storage can read it too.
 */
import { ConvexReactClient, type AuthTokenFetcher, type Watch, type WatchQueryOptions } from "convex/react";
import {
  getFunctionName,
  type ArgsAndOptions,
  type FunctionReference,
  type FunctionReturnType,
} from "convex/server";
import { onWake } from "../app/on-wake";
import { patient } from "../auth/patient-token";
import { Answers, type Answer } from "./answers";
import { answerKey, userOfToken } from "./answer-keys";
import { noteTrouble } from "./troubles";

/** How often what a connected page shows is noted to be still true. */
const NOTE_EVERY_MS = 60_000;

type Query = Parameters<ConvexReactClient["watchQuery"]>[0];

export class RememberingClient extends ConvexReactClient {
  readonly #lists: ReadonlySet<string>;
  #answers: Answers | null = null;
  /** Counts sessions: what was begun for an earlier one comes too late. */
  #session = 0;
  /** Questions that somebody on the page asks, with what the backend has said in this session. */
  readonly #asked = new Map<string, { askers: number; live: unknown }>();
  readonly #listeners = new Set<() => void>();

  /** `lists` are the queries to be remembered. */
  constructor(address: string, lists: readonly FunctionReference<"query">[]) {
    super(address);
    this.#lists = new Set(lists.map((query) => getFunctionName(query)));
    let wasConnected = false;
    this.subscribeToConnectionState(({ isWebSocketConnected }) => {
      if (isWebSocketConnected === wasConnected) return;
      wasConnected = isWebSocketConnected;
      // Going away: what is shown was true until now.
      if (!isWebSocketConnected) this.#note();
      this.#notify();
    });
    setInterval(() => {
      if (this.connectionState().isWebSocketConnected) this.#note();
    }, NOTE_EVERY_MS);
  }

  override setAuth(
    fetchToken: AuthTokenFetcher,
    onChange?: (isAuthenticated: boolean) => void,
    onRefreshChange?: (isRefreshing: boolean) => void,
  ): void {
    const session = this.#leave();
    let isOpened = false;
    const fetchPatiently = patient(fetchToken, { isWanted: () => session === this.#session, onWake });
    const fetchAndOpen: AuthTokenFetcher = async (options) => {
      const token = await fetchPatiently(options);
      const userId = token ? userOfToken(token) : null;
      if (userId !== null && !isOpened) {
        isOpened = true;
        void this.#open(userId, session);
      }
      return token;
    };
    super.setAuth(fetchAndOpen, onChange, onRefreshChange);
  }

  override clearAuth(): void {
    this.#leave();
    super.clearAuth();
  }

  override watchQuery<Q extends Query>(
    query: Q,
    ...argsAndOptions: ArgsAndOptions<Q, WatchQueryOptions>
  ): Watch<FunctionReturnType<Q>> {
    const watch = super.watchQuery(query, ...argsAndOptions);
    const name = getFunctionName(query);
    if (!this.#lists.has(name)) return watch;
    const key = answerKey(name, argsAndOptions[0] ?? {});
    return {
      ...watch,
      onUpdate: (callback) => {
        const stopListening = this.#ask(key, callback);
        const stopWatching = watch.onUpdate(() => {
          this.#hear(key, watch);
          callback();
        });
        this.#hear(key, watch);
        return () => {
          stopWatching();
          stopListening();
        };
      },
      // Of the type that the query returned, or the version before it: lists only grow.
      localQueryResult: () => watch.localQueryResult() ?? this.#answers?.get(key)?.value,
    };
  }

  /** All remembered answers of these queries, for looking something up in them. */
  remembered(): Iterable<Answer> {
    return this.#answers?.all() ?? [];
  }

  /**
   * Since when what the lists on the page show may have changed: `null` while the backend says so itself. In
   * milliseconds since 1970.
   */
  readonly asOf = (): number | null => {
    if (this.connectionState().isWebSocketConnected) return null;
    const times = [...this.#asked.keys()].flatMap((key) => this.#answers?.get(key)?.at ?? []);
    return times.length === 0 ? null : Math.min(...times);
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #ask(key: string, listener: () => void): () => void {
    const asked = this.#asked.get(key) ?? { askers: 0, live: undefined };
    asked.askers += 1;
    this.#asked.set(key, asked);
    this.#listeners.add(listener);
    return () => {
      asked.askers -= 1;
      if (asked.askers === 0) this.#asked.delete(key);
      this.#listeners.delete(listener);
    };
  }

  /** Takes down what the backend says. */
  #hear(key: string, watch: Watch<unknown>): void {
    const asked = this.#asked.get(key);
    if (asked === undefined) return;
    let value: unknown;
    try {
      value = watch.localQueryResult();
    } catch {
      // A refusal, which the hook shows: what was allowed before is not shown in its place after a reload either.
      this.#answers?.remove(key);
      asked.live = undefined;
      return;
    }
    if (value === undefined || value === null || value === asked.live) return;
    asked.live = value;
    this.#answers?.put([{ key, value, at: Date.now() }]);
  }

  /** What is shown now, and came from the backend, is true now. */
  #note(): void {
    const at = Date.now();
    const answers = [...this.#asked].flatMap(([key, { live }]) =>
      live === undefined ? [] : [{ key, value: live, at }],
    );
    if (answers.length > 0) this.#answers?.put(answers);
  }

  async #open(userId: string, session: number): Promise<void> {
    try {
      const answers = await Answers.open(userId, () => this.#notify());
      if (session !== this.#session) {
        answers.close();
        return;
      }
      this.#answers = answers;
      if (this.connectionState().isWebSocketConnected) this.#note();
      this.#notify();
    } catch (error) {
      // The lists then need the backend.
      noteTrouble("Lists cannot be kept for reading them offline", error);
    }
  }

  #leave(): number {
    this.#answers?.close();
    this.#answers = null;
    for (const asked of this.#asked.values()) asked.live = undefined;
    this.#session += 1;
    return this.#session;
  }

  #notify(): void {
    this.#listeners.forEach((listener) => listener());
  }
}
