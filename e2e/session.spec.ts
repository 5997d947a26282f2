/** What a session goes through and comes back from by itself: a crash at the worst moment, sleep, and closed doors. */
import type { BrowserContext, Page, WebSocketRoute } from "@playwright/test";
import { api } from "../convex/_generated/api";
import { startPartyKit, type PartyKitServer } from "../partykit/tests/server-process";
import { roomIdFor } from "../protocol/rooms";
import type { Stack } from "../scripts/stack";
import {
  blocksOf,
  closeAll,
  connectionOf,
  editorOf,
  expectSameText,
  openBrowserOf,
  openDocument,
  RECONNECT,
  signIn,
  typeAtEnd,
} from "./browser";
import { knock } from "./door";
import { expect, test } from "./fixtures";
import { createPerson } from "./people";

/** A document of Ada's that Bert may edit. */
async function sharedDocument(stack: Stack) {
  const [ada, bert] = [await createPerson(stack, "Ada"), await createPerson(stack, "Bert")];
  const documentId = await ada.convex.mutation(api.documents.create, { title: "Shared" });
  await ada.convex.mutation(api.documents.addMember, { documentId, email: bert.email, role: "editor" });
  return { ada, bert, documentId };
}

/** Other rooms at the place of the stack's, on the same disk, for as long as `use` takes. */
async function withOtherRooms(
  stack: Stack,
  other: { main?: string; vars?: Record<string, string> },
  use: (rooms: PartyKitServer) => Promise<void>,
): Promise<void> {
  await stack.partykit.kill();
  const rooms = await startPartyKit({
    ...other,
    vars: { ...stack.secrets, ...other.vars },
    state: stack.partykitState,
    port: Number(stack.partykitHost.split(":")[1]),
  });
  try {
    await use(rooms);
  } finally {
    await rooms.kill();
    await stack.partykit.start();
  }
}

/** From now on nothing that the room writes reaches its disk. */
async function stallDisk({ host }: PartyKitServer, stack: Stack, roomId: string): Promise<void> {
  const response = await fetch(`http://${host}/parties/main/${roomId}`, {
    method: "POST",
    headers: { authorization: `Bearer ${stack.secrets.ROOM_SERVICE_SECRET ?? ""}` },
    body: JSON.stringify({
      faults: [{ operation: "put", times: 1_000, delayMs: 3_600_000, outcome: "works" }],
      reset: false,
    }),
  });
  expect(response.status).toBe(204);
}

/** The tokens with which the page knocks at a room's door, as they are used. */
function tokensOf(page: Page): string[] {
  const tokens: string[] = [];
  page.on("websocket", (socket) => {
    const url = new URL(socket.url());
    if (url.pathname.startsWith("/parties/main/")) tokens.push(url.searchParams.get("token") ?? "");
  });
  return tokens;
}

test("what a server had received and not written when it was killed arrives again from the page", async ({
  browser,
  stack,
}) => {
  const { ada, bert, documentId } = await sharedDocument(stack);
  const adas = await openBrowserOf(browser, stack, ada);
  await openDocument(adas, documentId);
  await typeAtEnd(adas, "written");
  await expect(connectionOf(adas)).toContainText("Saved");
  await withOtherRooms(stack, { main: "partykit/test-parties/faulty.ts" }, async (rooms) => {
    const witness = await openBrowserOf(browser, stack, bert);
    await openDocument(witness, documentId);
    await expect(connectionOf(adas)).toContainText("Saved", RECONNECT);
    await stallDisk(rooms, stack, roomIdFor("doc", documentId));
    await typeAtEnd(adas, ", received");
    // The server has it: it has told somebody else. That one then knows nothing any more.
    await expectSameText([witness], ["written, received"]);
    await closeAll(witness.context());
    await expect(connectionOf(adas)).toContainText("Not saved yet");
    await adas.context().setOffline(true);
  });
  const berts = await openBrowserOf(browser, stack, bert);
  await openDocument(berts, documentId);
  expect(await blocksOf(berts)).toEqual(["written"]);
  await adas.context().setOffline(false);
  await expectSameText([adas, berts], ["written, received"]);
  await expect(connectionOf(adas)).toContainText("Saved", RECONNECT);
  await closeAll(adas.context(), berts.context());
});

test("a page that slept for hours, past its tokens, delivers what was written before, with a new one", async ({
  browser,
  stack,
}) => {
  const { ada, documentId } = await sharedDocument(stack);
  const context = await browser.newContext({ baseURL: stack.pageUrl });
  const page = await context.newPage();
  await page.clock.install();
  const tokens = tokensOf(page);
  await signIn(page, ada);
  await openDocument(page, documentId);
  await typeAtEnd(page, "before");
  await expect(connectionOf(page)).toContainText("Saved");
  const used = tokens.length;
  await Promise.all([stack.partykit.kill(), stack.convex.kill()]);
  await expect(connectionOf(page)).toContainText("Reconnecting");
  await typeAtEnd(page, ", and in the dark");
  await expect(connectionOf(page)).toContainText("Kept on this device");
  // From here on its clock is also two hours ahead of every server's.
  await page.clock.fastForward("02:00:00");
  await Promise.all([stack.partykit.start(), stack.convex.start()]);
  await expect(connectionOf(page)).toContainText("Saved", RECONNECT);
  expect(tokens.length).toBeGreaterThan(used);
  expect(new Set(tokens).size).toBe(tokens.length);
  await page.reload();
  await expectSameText([page], ["before, and in the dark"]);
  await closeAll(context);
});

test("a session that expired while the network dropped is renewed when it is back", async ({
  browser,
  stack,
}) => {
  const { ada, documentId } = await sharedDocument(stack);
  const page = await openBrowserOf(browser, stack, ada);
  await openDocument(page, documentId);
  await page.goto("/");
  // The backend takes this session's token no more, as after its hour.
  const spoiled = await page.evaluate(() => {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith("__convexAuthJWT"));
    for (const key of keys) {
      const [head = "", claims = "", signature = ""] = (localStorage.getItem(key) ?? "").split(".");
      localStorage.setItem(key, [head, claims, Array.from(signature).reverse().join("")].join("."));
    }
    return keys.length;
  });
  expect(spoiled).toBe(1);
  let failed = 0;
  await page.route(`${stack.convexUrl}/api/action`, async (route) => {
    failed += 1;
    await route.abort("internetdisconnected");
  });
  await page.goto(`/d/${documentId}`);
  // Convex Auth itself tries twice.
  await expect.poll(() => failed, RECONNECT).toBeGreaterThan(2);
  await page.unroute(`${stack.convexUrl}/api/action`);
  await expect(connectionOf(page)).toContainText("Live", RECONNECT);
  await typeAtEnd(page, "still here");
  await expect(connectionOf(page)).toContainText("Saved");
  await closeAll(page.context());
});

test("a page whose tokens the rooms refuse with 401 goes on by itself when they take them again", async ({
  browser,
  stack,
}) => {
  const { ada, documentId } = await sharedDocument(stack);
  const page = await openBrowserOf(browser, stack, ada);
  await openDocument(page, documentId);
  await expect(connectionOf(page)).toContainText("Live");
  const tokens = tokensOf(page);
  const vars = { COLLABORATION_TOKEN_SECRET: "another secret than Convex's, of 32 bytes or more" };
  await withOtherRooms(stack, { vars }, async () => {
    await typeAtEnd(page, "refused for now");
    await expect.poll(() => tokens.length, RECONNECT).toBeGreaterThanOrEqual(1);
    expect(await knock(stack, roomIdFor("doc", documentId), tokens.at(-1))).toBe(401);
    await expect(connectionOf(page)).toContainText("Reconnecting");
    await expect(connectionOf(page)).toContainText("Kept on this device");
    await expect(editorOf(page)).toHaveAttribute("contenteditable", "true");
  });
  await expect(connectionOf(page)).toContainText("Saved", RECONNECT);
  await closeAll(page.context());
});

/** A line on which what the page gets can be held back for a while. */
class HeldLine {
  #waiting: (() => void)[] | null = null;

  hold(): void {
    this.#waiting ??= [];
  }

  release(): void {
    const waiting = this.#waiting ?? [];
    this.#waiting = null;
    for (const go of waiting) go();
  }

  readonly pass = (go: () => void): void => {
    if (this.#waiting === null) go();
    else this.#waiting.push(go);
  };
}

/** Lines to Convex and to the rooms, by which the test decides when the page learns of what. */
async function holdLines(context: BrowserContext) {
  const [convex, rooms] = [new HeldLine(), new HeldLine()];
  await context.routeWebSocket(/\/api\/[^/]+\/sync$/, (page: WebSocketRoute) => {
    const server = page.connectToServer();
    server.onMessage((message) => convex.pass(() => page.send(message)));
  });
  const tokens: string[] = [];
  await context.routeWebSocket(/\/parties\/main\//, async (page: WebSocketRoute) => {
    tokens.push(new URL(page.url()).searchParams.get("token") ?? "");
    // Until this returns, the page's socket is neither open nor closed.
    await new Promise<void>((go) => rooms.pass(go));
    page.connectToServer();
  });
  return { convex, rooms, tokens };
}

test("403 at a room's door ends nothing: Convex says that access is gone, and then the page says so", async ({
  browser,
  stack,
}) => {
  const { ada, bert, documentId } = await sharedDocument(stack);
  const context = await browser.newContext({ baseURL: stack.pageUrl });
  const { convex, rooms, tokens } = await holdLines(context);
  const page = await context.newPage();
  await signIn(page, bert);
  await openDocument(page, documentId);
  await typeAtEnd(page, "accepted");
  await expect(connectionOf(page)).toContainText("Saved");
  await page.goto("/");
  const used = tokens.length;
  rooms.hold();
  await page.goto(`/d/${documentId}`);
  await expect.poll(() => tokens.length).toBeGreaterThan(used);
  convex.hold();
  await ada.convex.mutation(api.documents.removeMember, { documentId, userId: bert.userId });
  expect(await knock(stack, roomIdFor("doc", documentId), tokens.at(-1))).toBe(403);
  rooms.release();
  await page.getByRole("button", { name: "About the connection" }).click();
  await expect(page.getByRole("definition").nth(2)).toHaveText("1");
  await page.keyboard.press("Escape");
  await expect(connectionOf(page)).toContainText("Connecting");
  await expect(editorOf(page)).toContainText("accepted");
  convex.release();
  await expect(page.getByRole("heading", { name: /have access/ })).toBeVisible(RECONNECT);
  await closeAll(context);
});
