/**
 * Who is in a workspace, made of the tabs that are: several tabs are one person, who is where they last did something.
 * No clock, socket or timer inside: `T` is whatever stands for a tab, and the caller passes the time.
 */
import type { AccessGrant } from "../../protocol/access";
import { PRESENCE_GRACE_MS } from "../../protocol/limits";
import type { PresentPerson } from "../../protocol/presence";

type Identity = Pick<AccessGrant, "userId" | "name" | "color">;

interface Tab {
  userId: string;
  /** `undefined` until it has said where it is. */
  page: string | null | undefined;
  follows: string | null;
}

interface Person<T> {
  identity: Identity;
  /** The one with the latest action is last. */
  tabs: Map<T, Tab>;
  presenting: PresentPerson["presenting"];
  /** What the tab that left last had shown: where they are until a new tab has said more, so that a reload is no move. */
  lastPage: string | null;
  /** Their last connection broke: until when they are waited for. */
  awaitedUntil: number | null;
}

export class Roster<T> {
  readonly #people = new Map<string, Person<T>>();
  readonly #tabs = new Map<T, Tab>();
  readonly #changed = new Set<string>();

  get isEmpty(): boolean {
    return this.#people.size === 0;
  }

  get tabs(): Iterable<T> {
    return this.#tabs.keys();
  }

  has(tab: T): boolean {
    return this.#tabs.has(tab);
  }

  /** A tab has connected. Where it is, it says next. */
  join(tab: T, identity: Identity): void {
    const state: Tab = { userId: identity.userId, page: undefined, follows: null };
    this.#tabs.set(tab, state);
    const known = this.#people.get(identity.userId);
    this.#people.set(identity.userId, {
      tabs: new Map([...(known?.tabs ?? []), [tab, state]]),
      presenting: known?.presenting ?? "off",
      lastPage: known?.lastPage ?? null,
      identity,
      awaitedUntil: null,
    });
    this.#changed.add(identity.userId);
  }

  /** The tab shows this page now, or came to the front with it. */
  move(tab: T, page: string | null): void {
    const person = this.#personOf(tab);
    const state = this.#tabs.get(tab);
    if (person === undefined || state === undefined) return;
    state.page = page;
    person.tabs.delete(tab);
    person.tabs.set(tab, state);
    this.#changed.add(state.userId);
  }

  present(tab: T, presenting: PresentPerson["presenting"]): void {
    const person = this.#personOf(tab);
    if (person === undefined || person.presenting === presenting) return;
    person.presenting = presenting;
    this.#changed.add(person.identity.userId);
  }

  /** Returns the people whose number of followers has changed. */
  follow(tab: T, userId: string | null): string[] {
    const state = this.#tabs.get(tab);
    if (state === undefined || state.follows === userId || state.userId === userId) return [];
    const changed = [state.follows, userId].filter((whom) => whom !== null);
    state.follows = userId;
    return changed;
  }

  /** The tab has gone. Returns whom it followed, if anybody. */
  leave(tab: T, deliberate: boolean, now: number): string | null {
    const person = this.#personOf(tab);
    const state = this.#tabs.get(tab);
    if (person === undefined || state === undefined) return null;
    this.#tabs.delete(tab);
    person.tabs.delete(tab);
    person.lastPage = state.page ?? person.lastPage;
    if (person.tabs.size === 0) {
      person.presenting = "off";
      if (deliberate) this.#people.delete(state.userId);
      else person.awaitedUntil = now + PRESENCE_GRACE_MS;
    }
    this.#changed.add(state.userId);
    return state.follows;
  }

  /** Lets those go who have been waited for long enough. */
  expire(now: number): void {
    for (const [userId, { awaitedUntil }] of this.#people) {
      if (awaitedUntil === null || awaitedUntil > now) continue;
      this.#people.delete(userId);
      this.#changed.add(userId);
    }
  }

  everybody(): PresentPerson[] {
    return [...this.#people.values()].map(describe);
  }

  /** What has changed since it was last asked for; `null` if nothing has. */
  takeChanges(): { people: PresentPerson[]; gone: string[] } | null {
    if (this.#changed.size === 0) return null;
    const people: PresentPerson[] = [];
    const gone: string[] = [];
    for (const userId of this.#changed) {
      const person = this.#people.get(userId);
      if (person === undefined) gone.push(userId);
      else people.push(describe(person));
    }
    this.#changed.clear();
    return { people, gone };
  }

  tabsOf(userId: string): T[] {
    return [...(this.#people.get(userId)?.tabs.keys() ?? [])];
  }

  followersOf(userId: string): T[] {
    return [...this.#tabs].filter(([, { follows }]) => follows === userId).map(([tab]) => tab);
  }

  /** Whose tab this is, and its page, if it is the one in which they last did something and they are not paused. */
  shownBy(tab: T): { userId: string; page: string } | null {
    const person = this.#personOf(tab);
    const state = this.#tabs.get(tab);
    if (person === undefined || state?.page === undefined || state.page === null) return null;
    const isLatest = [...person.tabs.keys()].at(-1) === tab;
    return isLatest && person.presenting !== "paused" ? { userId: state.userId, page: state.page } : null;
  }

  #personOf(tab: T): Person<T> | undefined {
    const state = this.#tabs.get(tab);
    return state === undefined ? undefined : this.#people.get(state.userId);
  }
}

function describe<T>({ identity, tabs, presenting, lastPage, awaitedUntil }: Person<T>): PresentPerson {
  const said = [...tabs.values()].flatMap(({ page }) => (page === undefined ? [] : [page]));
  const pages = said.length === 0 ? [lastPage] : said;
  return {
    userId: identity.userId,
    name: identity.name,
    color: identity.color,
    state: awaitedUntil === null ? "here" : "reconnecting",
    page: pages.at(-1) ?? null,
    pages: [...new Set(pages.filter((page) => page !== null))],
    presenting,
  };
}
