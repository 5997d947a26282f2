/**
 * What this tab knows of who is in the workspace, and whom it follows. Pure: told what was heard and done, it answers
 * with the next state.
 *
 * Following ends when the person moves by themselves, and when the one who is followed has gone. An invitation (somebody
 * presents) is answered once: who declined is asked again when the next presentation begins.
 */
import type { PresenceNews, PresentPerson } from "../../protocol/presence";

export interface PresenceState {
  people: ReadonlyMap<string, PresentPerson>;
  /** How many follow this person. */
  followers: number;
  /** Whom this tab follows. */
  following: string | null;
  /** Whose invitation to follow was answered with no. */
  declined: ReadonlySet<string>;
}

export type PresenceEvent =
  | { type: "news"; news: PresenceNews }
  | { type: "follow"; userId: string }
  /** The person scrolled, clicked, typed or went to another page. */
  | { type: "moved" }
  | { type: "declined"; userId: string }
  /** There has been no connection for so long that nothing of this is known to be true. */
  | { type: "lost" };

export const NOBODY: PresenceState = {
  people: new Map(),
  followers: 0,
  following: null,
  declined: new Set(),
};

export function decidePresence(state: PresenceState, event: PresenceEvent): PresenceState {
  switch (event.type) {
    case "news":
      return hear(state, event.news);
    case "follow":
      return state.people.has(event.userId) ? { ...state, following: event.userId } : state;
    case "moved":
      return state.following === null ? state : { ...state, following: null };
    case "declined":
      return { ...state, declined: new Set([...state.declined, event.userId]) };
    case "lost":
      return { ...NOBODY, declined: state.declined };
  }
}

/** Those who ask `me` to follow them, and have had no answer. */
export function invitations(state: PresenceState, me: string): PresentPerson[] {
  return [...state.people.values()].filter(
    ({ userId, presenting }) =>
      presenting === "on" && userId !== me && userId !== state.following && !state.declined.has(userId),
  );
}

function hear(state: PresenceState, news: PresenceNews): PresenceState {
  switch (news.type) {
    case "everybody":
      return settle({ ...state, people: byId(news.people) });
    case "changes": {
      const people = new Map([...state.people, ...byId(news.people)]);
      for (const userId of news.gone) people.delete(userId);
      return settle({ ...state, people });
    }
    case "followers":
      return state.followers === news.count ? state : { ...state, followers: news.count };
    case "view":
    case "beat":
      return state;
  }
}

/** What no longer holds of the rest, now that the people have changed. */
function settle(state: PresenceState): PresenceState {
  const presents = (userId: string) => (state.people.get(userId)?.presenting ?? "off") !== "off";
  const { following } = state;
  return {
    ...state,
    following: following !== null && state.people.has(following) ? following : null,
    declined: new Set([...state.declined].filter(presents)),
  };
}

function byId(people: PresentPerson[]): Map<string, PresentPerson> {
  return new Map(people.map((person) => [person.userId, person]));
}
