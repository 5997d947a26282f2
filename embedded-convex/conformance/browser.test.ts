/** What only a browser can tell: the hooks of `convex/react` in a page, and what a page of another origin may call. */
import type { Page } from "@playwright/test";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { api } from "./api";
import { startBrowser, type BrowserHost } from "./browser";
import { httpClient, newRun, PATIENCE, useDeployment } from "./deployment";

const deployment = useDeployment();
let browser: BrowserHost;
let page: Page;
beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(() => browser.stop());
afterEach(() => page.close());

async function show(view: string, settings: Record<string, string> = {}): Promise<void> {
  page = await browser.open({ url: deployment.url, view, ...settings });
}
const shown = (selector = "output") => page.locator(selector).textContent();
const seen = <T>() => page.evaluate(() => window.seen) as Promise<T[]>;
const click = (name: string) => page.getByRole("button", { name }).click();

describe("useQuery", () => {
  test("is undefined at first, follows what others write, and nothing while it is skipped", async () => {
    const http = httpClient(deployment);
    const id = await http.mutation(api.counters.create, { name: newRun() });
    await show("counter", { id });
    await expect.poll(() => shown(), PATIENCE).toBe("0");
    await http.mutation(api.counters.increment, { id });
    await expect.poll(() => shown(), PATIENCE).toBe("1");
    await click("Watch");
    await expect.poll(() => shown(), PATIENCE).toBe("nothing");
    await http.mutation(api.counters.increment, { id });
    await click("Watch");
    await expect.poll(() => shown(), PATIENCE).toBe("2");
    expect(await seen()).toEqual([null, 0, 1, null, 2]);
  });
  test("throws what the query throws into the nearest boundary", async () => {
    await show("failing");
    await expect.poll(() => page.getByRole("alert").allTextContents(), PATIENCE).toHaveLength(1);
    expect(await shown("[role=alert]")).toMatch(/errors:plain.*Server Error/s);
  });
});

describe("useMutation with an optimistic update", () => {
  test("shows it at once, and the result without a flicker", async () => {
    const id = await httpClient(deployment).mutation(api.counters.create, { name: newRun() });
    await show("counter", { id });
    await expect.poll(() => shown(), PATIENCE).toBe("0");
    // One task of the page: no answer can have come between the click and the look.
    const [before, after] = await page.evaluate(() => {
      const [button] = document.querySelectorAll("button");
      const text = () => document.querySelector("output")?.textContent;
      const first = text();
      button?.click();
      return new Promise<(string | undefined)[]>((resolve) => queueMicrotask(() => resolve([first, text()])));
    });
    expect([before, after]).toEqual(["0", "1"]);
    await click("Increment");
    await expect.poll(() => httpClient(deployment).query(api.counters.get, { id }), PATIENCE).toBe(2);
    await expect.poll(() => shown(), PATIENCE).toBe("2");
    expect(await seen()).toEqual([null, 0, 1, 2]);
  });
  test("takes it back when the mutation fails", async () => {
    const id = await httpClient(deployment).mutation(api.counters.create, { name: newRun() });
    await show("counter", { id });
    await expect.poll(() => shown(), PATIENCE).toBe("0");
    await click("Fail");
    await expect.poll(() => shown("[role=alert]"), PATIENCE).toMatch(/counters:incrementAndThrow/);
    await expect.poll(() => shown(), PATIENCE).toBe("0");
    expect(await seen()).toEqual([null, 0, 100, 0]);
  });
});

test("usePaginatedQuery never shows a gap or a row twice while rows come in at the head", async () => {
  const http = httpClient(deployment);
  const run = newRun();
  const where = { run, channel: "page" };
  let newest = 12;
  const addOne = () => http.mutation(api.messages.sendMany, { ...where, ranks: [newest++] });
  await http.mutation(api.messages.sendMany, {
    ...where,
    ranks: Array.from({ length: newest }, (_, i) => i),
  });
  await show("pages", { run });
  await expect.poll(() => shown(), PATIENCE).toBe("11 10 9 8 7");
  const inserting = (async () => {
    for (let i = 0; i < 10; i++) await addOne();
  })();
  await click("More");
  await expect.poll(() => shown(), PATIENCE).toMatch(/ 2$/);
  await addOne();
  await click("More");
  await expect.poll(() => shown(), PATIENCE).toMatch(/ 0$/);
  await inserting;
  await addOne();
  const all = Array.from({ length: newest }, (_, i) => newest - 1 - i);
  await expect.poll(() => shown(), PATIENCE).toBe(all.join(" "));
  expect(await shown("[role=status]")).toBe("Exhausted");

  const states = await seen<{ status: string; ranks: number[] }>();
  const statuses = states.map(({ status }) => status);
  expect(statuses.filter((status, i) => status !== statuses[i - 1])).toEqual([
    "LoadingFirstPage",
    "CanLoadMore",
    "LoadingMore",
    "CanLoadMore",
    "LoadingMore",
    "Exhausted",
  ]);
  const broken = states.filter(({ ranks }) =>
    ranks.some((rank, i) => i > 0 && rank !== (ranks[i - 1] ?? 0) - 1),
  );
  expect(broken).toEqual([]);
});

test("useConvexAuth knows who is signed in as soon as the server does", async () => {
  await show("account");
  await page.exposeFunction("freshToken", () => deployment.token({ sub: "user|9" }));
  await expect.poll(() => shown(), PATIENCE).toBe("nobody");
  await click("Sign in or out");
  await expect.poll(() => shown(), PATIENCE).toBe("true user|9");
  await click("Sign in or out");
  await expect.poll(() => shown(), PATIENCE).toBe("nobody");
  const states = await seen<{ isLoading: boolean; isAuthenticated: boolean }>();
  expect(states.at(-1)).toEqual({ isLoading: false, isAuthenticated: false });
  expect(states).toContainEqual({ isLoading: false, isAuthenticated: true });
});

describe("a page of another origin", () => {
  interface Answer {
    status: number;
    body: string;
  }
  /** `null` when the browser does not let the page have the answer. */
  const call = (url: string, init: RequestInit = {}): Promise<Answer | null> =>
    page.evaluate(
      ([target, options]) =>
        fetch(target, options).then(
          async (response) => ({ status: response.status, body: await response.text() }),
          () => null,
        ),
      [url, init] as const,
    );
  const withJson = (body: unknown, headers: Record<string, string> = {}): RequestInit => ({
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });

  test("may call functions, with a token, and read their errors", async () => {
    await show("none");
    const token = await deployment.token({ sub: "user|10" });
    const headers = { Authorization: `Bearer ${token}`, "Convex-Client": "npm-1.48.0" };
    const args = { format: "json", args: {} };
    for (const [kind, path] of [
      ["query", "identity:whoAmI"],
      ["mutation", "identity:subjectInMutation"],
      ["action", "identity:subjectInAction"],
    ]) {
      const answer = await call(`${deployment.url}/api/${kind}`, withJson({ path, ...args }, headers));
      expect(answer).toMatchObject({ status: 200, body: expect.stringContaining("user|10") as string });
    }
    const failed = await call(`${deployment.url}/api/query`, withJson({ path: "errors:plain", ...args }));
    expect(failed).toMatchObject({ body: expect.stringContaining("Server Error") as string });
    const unreadable = await call(`${deployment.url}/api/query`, withJson("no call"));
    expect(unreadable).toMatchObject({ status: 400 });
  });

  test("may upload a file and read it", async () => {
    await show("none");
    const http = httpClient(deployment);
    const upload = await call(await http.mutation(api.files.uploadUrl, {}), {
      method: "POST",
      headers: { "Content-Type": "text/x-test" },
      body: "from a page",
    });
    expect(upload?.status).toBe(200);
    const { storageId } = JSON.parse(upload?.body ?? "{}") as { storageId: never };
    const url = (await http.query(api.files.url, { id: storageId })) ?? "";
    expect(await call(url)).toEqual({ status: 200, body: "from a page" });
  });

  test("may call the HTTP actions that allow it, and no others", async () => {
    await show("none");
    const init = withJson({ from: "a page" });
    expect(await call(`${deployment.siteUrl}/shared`, init)).toEqual({
      status: 200,
      body: '{"from":"a page"}',
    });
    expect(await call(`${deployment.siteUrl}/echo`, init)).toBeNull();
    expect(await call(`${deployment.siteUrl}/whoami`)).toBeNull();
  });
});
