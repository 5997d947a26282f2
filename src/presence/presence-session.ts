/**
 * One tab's connection to the presence room of a workspace: the shell around `presence-state.ts`. PartySocket reconnects
 * by itself, with growing pauses, and asks for a fresh token each time; what the room must know is said again on each
 * new connection. Presence is a courtesy: nothing waits for it, and without it the rest of the page works.
 */
import PartySocket from "partysocket";
import { TOKEN_PARAM } from "../../protocol/access";
import { PRESENCE_GRACE_MS } from "../../protocol/limits";
import {
  DELIBERATE_CLOSE,
  PRESENCE_PARTY,
  PresenceNews,
  type PresenceRequest,
  type View,
} from "../../protocol/presence";
import { workspaceRoomIdFor } from "../../protocol/rooms";
import type { TokenAnswer } from "../collaboration/connection-policy";
import { decidePresence, NOBODY, type PresenceEvent, type PresenceState } from "./presence-state";

/** The room is never silent for longer than it takes to ask for a sign of life, twice. */
const SILENCE_MS = 30_000;

/** The first pause is PartySocket's own: one to five seconds, by chance, so that not all return at once. */
const LAST_RECONNECT_MS = 20_000;

export interface PresenceOptions {
  workspaceId: string;
  /** Host and port of PartyKit. */
  host: string;
  /** Asks for a token for one attempt. Never rejects. */
  requestToken: () => Promise<TokenAnswer>;
}

export interface PresenceSession {
  /** The same object until something changes. */
  getState: () => PresenceState;
  subscribe: (onChange: () => void) => () => void;
  /** Hears what the person whom this tab follows shows, and of which page. */
  onView: (hear: (page: string, view: View) => void) => () => void;
  /** Where this tab is: the room id of the open document or diagram. Also to be called when it comes to the front. */
  at: (page: string | null) => void;
  follow: (userId: string) => void;
  /** The person has moved by themselves: nobody is followed any more. */
  moved: () => void;
  decline: (userId: string) => void;
  present: (state: "on" | "paused" | "off") => void;
  show: (view: View) => void;
  /** Leaves the workspace on purpose. */
  close: () => void;
}

export function openPresence({ workspaceId, host, requestToken }: PresenceOptions): PresenceSession {
  let state = NOBODY;
  let page: string | null = null;
  let presenting: "on" | "paused" | "off" = "off";
  let silence: ReturnType<typeof setTimeout> | null = null;
  let loss: ReturnType<typeof setTimeout> | null = null;
  let closed = false;
  const listeners = new Set<() => void>();
  const viewers = new Set<(page: string, view: View) => void>();

  const socket = new PartySocket({
    host,
    party: PRESENCE_PARTY,
    room: workspaceRoomIdFor(workspaceId),
    query: async () => {
      const answer = await requestToken();
      if (answer.kind === "token") return { [TOKEN_PARAM]: answer.token };
      // Out of the workspace, or signed out. A new session begins when that changes.
      if (answer.kind === "refused") socket.close(DELIBERATE_CLOSE);
      return {};
    },
    maxReconnectionDelay: LAST_RECONNECT_MS,
    // What was said without a connection is said anew with the next, as it is then.
    maxEnqueuedMessages: 0,
  });

  const dispatch = (event: PresenceEvent) => {
    const before = state;
    state = decidePresence(state, event);
    if (state === before) return;
    if (state.following !== before.following) say({ type: "follow", userId: state.following });
    for (const listener of [...listeners]) listener();
  };

  const say = (request: PresenceRequest) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(request));
  };

  const listen = () => {
    if (silence !== null) clearTimeout(silence);
    silence = setTimeout(() => socket.reconnect(), SILENCE_MS);
  };

  socket.addEventListener("open", () => {
    if (loss !== null) clearTimeout(loss);
    loss = null;
    listen();
    say({ type: "at", page });
    if (state.following !== null) say({ type: "follow", userId: state.following });
    if (presenting !== "off") say({ type: "present", state: presenting });
  });
  socket.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
    listen();
    const news = typeof data === "string" ? PresenceNews.safeParse(JSON.parse(data)).data : undefined;
    if (news === undefined) return;
    if (news.type === "beat") say({ type: "beat" });
    else if (news.type === "view" && news.userId === state.following) {
      for (const viewer of [...viewers]) viewer(news.page, news.view);
    }
    dispatch({ type: "news", news });
  });
  socket.addEventListener("close", () => {
    if (silence !== null) clearTimeout(silence);
    silence = null;
    if (closed) return;
    loss ??= setTimeout(() => dispatch({ type: "lost" }), PRESENCE_GRACE_MS);
  });

  return {
    getState: () => state,
    subscribe: (onChange) => {
      listeners.add(onChange);
      return () => listeners.delete(onChange);
    },
    onView: (hear) => {
      viewers.add(hear);
      return () => viewers.delete(hear);
    },
    at: (next) => {
      page = next;
      say({ type: "at", page });
    },
    follow: (userId) => dispatch({ type: "follow", userId }),
    moved: () => dispatch({ type: "moved" }),
    decline: (userId) => dispatch({ type: "declined", userId }),
    present: (next) => {
      presenting = next;
      say({ type: "present", state: next });
    },
    show: (view) => say({ type: "view", view }),
    close: () => {
      closed = true;
      listeners.clear();
      viewers.clear();
      if (silence !== null) clearTimeout(silence);
      if (loss !== null) clearTimeout(loss);
      socket.close(DELIBERATE_CLOSE);
    },
  };
}
