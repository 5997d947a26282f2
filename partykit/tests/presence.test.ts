import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TOKEN_PARAM } from "../../protocol/access";
import { CLOSE } from "../../protocol/close-codes";
import {
  PERSON_MAX_CONNECTIONS,
  PRESENCE_BURST_MESSAGES,
  PRESENCE_MAX_CONNECTIONS,
  PRESENCE_MESSAGE_MAX_BYTES,
} from "../../protocol/limits";
import {
  PRESENCE_PARTY,
  PresenceNews,
  type PresenceRequest,
  type PresentPerson,
} from "../../protocol/presence";
import {
  signToken,
  SERVICE_SECRET,
  startAccessServer,
  type AccessServer,
  type TokenOptions,
} from "./access-server";
import { handshake, type RawClient } from "./clients";
import { startPartyKit, until, type PartyKitServer } from "./server-process";

let convex: AccessServer;
/** As deployed; and with a clock that tests can wait for. */
let server: PartyKitServer;
let fast: PartyKitServer;

/** What is there is taken down also when not all of it could be put up. */
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
  convex = await startAccessServer();
  cleanups.push(() => convex.close());
  server = await startPartyKit({ vars: convex.vars });
  cleanups.push(() => server.dispose());
  fast = await startPartyKit({ vars: convex.vars, main: "partykit/test-parties/presence.ts" });
  cleanups.push(() => fast.dispose());
});

afterAll(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
});

interface Tab {
  client: RawClient;
  news: () => PresenceNews[];
  /** What this tab knows: the whole state, and what has changed since. */
  people: () => Map<string, PresentPerson>;
  say: (request: PresenceRequest) => void;
}

async function open(on: PartyKitServer, room: string, userId: string): Promise<Tab> {
  const party = on === fast ? "main" : PRESENCE_PARTY;
  const token = await signToken(userId, room);
  const result = await handshake(on.host, `/parties/${party}/${room}?${TOKEN_PARAM}=${token}`);
  if (result.kind === "refused") throw new Error(`refused with ${result.status}`);
  const { client } = result;
  const news = () =>
    client.frames.map((frame) => PresenceNews.parse(JSON.parse(Buffer.from(frame).toString())));
  return {
    client,
    news,
    people() {
      const people = new Map<string, PresentPerson>();
      for (const each of news()) {
        if (each.type === "everybody") people.clear();
        if (each.type !== "everybody" && each.type !== "changes") continue;
        for (const person of each.people) people.set(person.userId, person);
        if (each.type === "changes") for (const userId of each.gone) people.delete(userId);
      }
      return people;
    },
    say: (request) => client.send(JSON.stringify(request)),
  };
}

describe("the door", () => {
  const room = "workspace-door";

  async function knock(id: string, token: string | null, party = PRESENCE_PARTY): Promise<number> {
    const query = token === null ? "" : `?${TOKEN_PARAM}=${token}`;
    const result = await handshake(server.host, `/parties/${party}/${id}${query}`);
    if (result.kind === "refused") return result.status;
    result.client.socket.close();
    return 101;
  }

  test("a viewer is let in, who has as much right to be seen as anybody", async () => {
    expect(await knock(room, await signToken("viewer1", room))).toBe(101);
  });

  test("an outsider is refused", async () => {
    expect(await knock(room, await signToken("outsider", room))).toBe(403);
  });

  test.each<[string, TokenOptions]>([
    ["an expired token", { age: 600, lifetime: 300 }],
    ["a token of another key", { secret: "x".repeat(40) }],
  ])("%s is refused", async (_what, options) => {
    const asked = convex.asked;
    expect(await knock(room, await signToken("editor1", room, options))).toBe(401);
    expect(convex.asked).toBe(asked);
  });

  test("no token, and one for another workspace, are refused", async () => {
    expect(await knock(room, null)).toBe(401);
    expect(await knock(room, await signToken("editor1", "workspace-other"))).toBe(401);
  });

  test("each party takes its own rooms only", async () => {
    expect(await knock("doc-abc", await signToken("editor1", "doc-abc"))).toBe(400);
    expect(await knock(room, await signToken("editor1", room), "main")).toBe(400);
    expect(await knock("workspace-a%20b", await signToken("editor1", "workspace-a b"))).toBe(400);
  });

  test("plain HTTP needs the service secret", async () => {
    const url = `http://${server.host}/parties/${PRESENCE_PARTY}/${room}`;
    expect((await fetch(url)).status).toBe(401);
    const answer = await fetch(url, { headers: { authorization: `Bearer ${SERVICE_SECRET}` } });
    expect(await answer.json()).toEqual({ connections: expect.any(Number) as number });
  });
});

describe("who is where", () => {
  test("a newcomer gets the whole state first, and everybody hears of moves", async () => {
    const room = "workspace-moves";
    const ada = await open(server, room, "editor-ada");
    ada.say({ type: "at", page: "doc-x" });
    await until("Ada's move is known", () => ada.people().get("editor-ada")?.page === "doc-x");
    const bert = await open(server, room, "viewer-bert");
    await until("Bert hears", () => bert.news().length > 0);
    expect(bert.news()[0]).toMatchObject({ type: "everybody" });
    expect(bert.people().get("editor-ada")).toMatchObject({ page: "doc-x", state: "here" });
    bert.say({ type: "at", page: "diagram-y" });
    await until("Ada sees Bert", () => ada.people().get("viewer-bert")?.page === "diagram-y");
    // Who somebody is comes from the access check.
    expect(ada.people().get("viewer-bert")?.name).toBe("Name of viewer-bert");
    bert.client.socket.close(1000);
    await until("Bert has gone", () => !ada.people().has("viewer-bert"));
    ada.client.socket.close();
  });

  test("a burst of moves is a few messages", async () => {
    const room = "workspace-burst";
    const watcher = await open(server, room, "viewer-watcher");
    const movers = await Promise.all(Array.from({ length: 10 }, (_, i) => open(server, room, `editor${i}`)));
    for (let i = 0; i < 10; i++) for (const mover of movers) mover.say({ type: "at", page: `doc-p${i}` });
    await until("the last move is known", () => {
      const pages = [...watcher.people().values()].map(({ page }) => page);
      return pages.filter((page) => page === "doc-p9").length === 10;
    });
    expect(watcher.news().length).toBeLessThan(30);
    for (const tab of [watcher, ...movers]) tab.client.socket.close();
  });

  test("a lost connection is shown as reconnecting; one that says nothing any more is lost too", async () => {
    const room = "workspace-lost";
    const watcher = await open(fast, room, "viewer-watcher");
    const answering = setInterval(() => watcher.say({ type: "beat" }), 100);
    const [torn, silent] = [await open(fast, room, "editor-torn"), await open(fast, room, "editor-silent")];
    await until("both are here", () => watcher.people().size === 3);
    torn.client.socket.terminate();
    for (const userId of ["editor-torn", "editor-silent"]) {
      await until(`${userId} is missed`, () => watcher.people().get(userId)?.state === "reconnecting");
    }
    await until("the silent one was told", () => silent.client.closed?.code === CLOSE.noAnswer.code);
    expect(silent.news()).toContainEqual({ type: "beat" });
    expect(watcher.people().get("viewer-watcher")?.state).toBe("here");
    clearInterval(answering);
    watcher.client.socket.close();
  });
});

test("a view goes to those who follow, and to nobody else", async () => {
  const room = "workspace-follow";
  const [ada, bert, cleo] = [
    await open(server, room, "editor-ada"),
    await open(server, room, "viewer-bert"),
    await open(server, room, "viewer-cleo"),
  ];
  ada.say({ type: "at", page: "doc-x" });
  bert.say({ type: "follow", userId: "editor-ada" });
  await until("Ada knows", () => ada.news().some((news) => news.type === "followers" && news.count === 1));
  const view = { kind: "doc", block: "block1", above: 0.5 } as const;
  ada.say({ type: "view", view });
  await until("Bert sees it", () => bert.news().some(({ type }) => type === "view"));
  expect(bert.news()).toContainEqual({ type: "view", userId: "editor-ada", page: "doc-x", view });
  bert.say({ type: "follow", userId: null });
  await until("Ada knows", () => ada.news().filter(({ type }) => type === "followers").length === 3);
  ada.say({ type: "view", view });
  ada.say({ type: "present", state: "on" });
  await until("the later is heard", () => cleo.people().get("editor-ada")?.presenting === "on");
  expect(bert.news().filter(({ type }) => type === "view")).toHaveLength(1);
  expect(cleo.news().filter(({ type }) => type === "view")).toHaveLength(0);
  for (const tab of [ada, bert, cleo]) tab.client.socket.close();
});

describe("abuse costs nobody else anything", () => {
  const room = "workspace-abuse";

  test.each<[string, (client: RawClient) => void, number]>([
    ["text that is no JSON", (client) => client.send("hello"), CLOSE.malformedFrame.code],
    ["a message of no kind", (client) => client.send('{"type":"shout"}'), CLOSE.malformedFrame.code],
    ["bytes", (client) => client.send(new Uint8Array([1, 2])), CLOSE.malformedFrame.code],
    [
      "another party's page",
      (client) => client.send('{"type":"at","page":"task-1"}'),
      CLOSE.malformedFrame.code,
    ],
    [
      "a message too long",
      (client) => client.send(JSON.stringify({ type: "beat", x: "x".repeat(PRESENCE_MESSAGE_MAX_BYTES) })),
      CLOSE.messageTooLarge.code,
    ],
    [
      "more messages than a person makes",
      (client) => {
        for (let i = 0; i < PRESENCE_BURST_MESSAGES * 3; i++) client.send('{"type":"beat"}');
      },
      CLOSE.rateLimited.code,
    ],
  ])("%s", async (_what, attack, code) => {
    const honest = await open(server, room, "editor-honest");
    const attacker = await open(server, room, "editor-attacker");
    await until("both are here", () => honest.people().has("editor-attacker"));
    attack(attacker.client);
    await until("the attacker is out", () => attacker.client.closed?.code === code);
    await until("and not shown", () => !honest.people().has("editor-attacker"));
    expect(honest.client.closed).toBeNull();
    honest.client.socket.close();
  });
});

test("one person cannot take all the places: the tab in which they were longest ago gives way", async () => {
  const room = "workspace-oneperson";
  const tabs: Tab[] = [];
  for (let i = 0; i <= PERSON_MAX_CONNECTIONS; i++) tabs.push(await open(server, room, "viewer1"));
  await until("the oldest is out", () => tabs[0]?.client.closed?.code === CLOSE.tooManyOfOne.code);
  expect(tabs.slice(1).filter(({ client }) => client.closed !== null)).toEqual([]);
  expect(tabs.at(-1)?.people().get("viewer1")?.state).toBe("here");
  for (const tab of tabs) tab.client.socket.close();
});

test("a room takes as many connections as it says, and not one more", async () => {
  const room = "workspace-full";
  const tabs: Tab[] = [];
  while (tabs.length < PRESENCE_MAX_CONNECTIONS) {
    const batch = Array.from({ length: 50 }, (_, i) => open(server, room, `viewer${tabs.length + i}`));
    tabs.push(...(await Promise.all(batch)));
  }
  const [first] = tabs;
  const oneMore = await open(server, room, "viewer-late");
  await until("the last is told", () => oneMore.client.closed?.code === CLOSE.roomFull.code);
  expect(first?.client.closed).toBeNull();
  for (const tab of tabs) tab.client.socket.close();
}, 60_000);
