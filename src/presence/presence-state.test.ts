import { describe, expect, it } from "vitest";
import type { PresenceNews, PresentPerson } from "../../protocol/presence";
import {
  decidePresence,
  invitations,
  NOBODY,
  type PresenceEvent,
  type PresenceState,
} from "./presence-state";

const person = (userId: string, more: Partial<PresentPerson> = {}): PresentPerson => ({
  userId,
  name: userId,
  color: "#112233",
  state: "here",
  page: null,
  pages: [],
  presenting: "off",
  ...more,
});

const heard = (news: PresenceNews): PresenceEvent => ({ type: "news", news });
const everybody = (...people: PresentPerson[]) => heard({ type: "everybody", people });
const changes = (people: PresentPerson[], gone: string[] = []) => heard({ type: "changes", people, gone });

function after(...events: PresenceEvent[]): PresenceState {
  return events.reduce(decidePresence, NOBODY);
}

describe("who is here", () => {
  it("starts with everybody, and goes on with who came, moved and left", () => {
    const state = after(
      everybody(person("ada"), person("bert")),
      changes([person("ada", { page: "doc-x" }), person("cleo")], ["bert"]),
    );
    expect([...state.people.values()].map(({ userId, page }) => [userId, page])).toEqual([
      ["ada", "doc-x"],
      ["cleo", null],
    ]);
  });

  it("starts anew with each connection", () => {
    const state = after(everybody(person("ada")), everybody(person("bert")));
    expect([...state.people.keys()]).toEqual(["bert"]);
  });

  it("says nothing that it does not know any more", () => {
    const state = after(everybody(person("ada")), { type: "follow", userId: "ada" }, { type: "lost" });
    expect(state.people.size).toBe(0);
    expect(state.following).toBeNull();
  });
});

describe("following", () => {
  const following = [everybody(person("ada"), person("bert")), { type: "follow", userId: "ada" }] as const;

  it("lasts while the other moves and until oneself does", () => {
    expect(after(...following, changes([person("ada", { page: "doc-x" })])).following).toBe("ada");
    expect(after(...following, { type: "moved" }).following).toBeNull();
  });

  it("ends when the other has gone, not when their connection is lost for a while", () => {
    expect(after(...following, changes([person("ada", { state: "reconnecting" })])).following).toBe("ada");
    expect(after(...following, changes([], ["ada"])).following).toBeNull();
  });

  it("is of somebody who is here", () => {
    expect(after(everybody(person("bert")), { type: "follow", userId: "ada" }).following).toBeNull();
  });
});

describe("invitations", () => {
  const presenting = person("ada", { presenting: "on" });

  it("come from those who present, not from oneself, nor from whom one follows already", () => {
    const state = after(everybody(presenting, person("me", { presenting: "on" })));
    expect(invitations(state, "me").map(({ userId }) => userId)).toEqual(["ada"]);
    expect(invitations(decidePresence(state, { type: "follow", userId: "ada" }), "me")).toEqual([]);
  });

  it("are not repeated once declined, until there is a new one", () => {
    const no = [everybody(presenting), { type: "declined", userId: "ada" }] as const;
    expect(invitations(after(...no), "me")).toEqual([]);
    expect(invitations(after(...no, changes([{ ...presenting, presenting: "paused" }])), "me")).toEqual([]);
    const again = after(...no, changes([person("ada")]), changes([presenting]));
    expect(invitations(again, "me")).toHaveLength(1);
  });
});
