import { ConvexError } from "convex/values";
import { makeFunctionReference } from "convex/server";
import { describe, expect, test } from "vitest";
import { api } from "./api";
import { httpClient, newRun, PATIENCE, useDeployment, withClient } from "./deployment";

const deployment = useDeployment();

describe("arguments", () => {
  const good = { text: "t", kind: "a" as const, nested: { list: [1n] }, scores: { x: 1 } };
  const bad: [string, Record<string, unknown>][] = [
    ["of the wrong type", { ...good, text: 1 }],
    ["that are missing", { kind: "a", nested: { list: [] }, scores: {} }],
    ["that are unknown", { ...good, surplus: true }],
    ["that are null instead of absent", { ...good, count: null }],
    ["outside of a union", { ...good, kind: "c" }],
    ["of the wrong type deep inside", { ...good, nested: { list: [1n, 2] } }],
    ["of the wrong type in a record", { ...good, scores: { x: "1" } }],
  ];
  test("that fit are accepted", async () => {
    await expect(httpClient(deployment).query(api.values.strict, good)).resolves.toBeNull();
    await expect(httpClient(deployment).query(api.values.strict, { ...good, count: 2 })).resolves.toBeNull();
  });
  test.each(bad)("%s are refused", async (_what, args) => {
    const call = httpClient(deployment).query(api.values.strict, args as typeof good);
    await expect(call).rejects.toThrow("ArgumentValidationError");
  });
  test("an id of another table is refused", async () => {
    const http = httpClient(deployment);
    const counter = await http.mutation(api.counters.create, { name: newRun() });
    const call = http.query(api.messages.get, { id: counter as unknown as never });
    await expect(call).rejects.toThrow("ArgumentValidationError");
  });
});

describe("functions that clients cannot reach", () => {
  test.each([
    ["internal ones", "query", "refused:secret"],
    ["unknown ones", "query", "refused:nothing"],
    ["unknown modules", "mutation", "nowhere:atAll"],
    ["prototype members", "query", "refused:constructor"],
    ["queries called as mutations", "mutation", "values:echo"],
    ["mutations called as queries", "query", "counters:create"],
    ["paths outside", "query", "../convex/values:echo"],
  ] as const)("%s", async (_what, kind, path) => {
    const http = httpClient(deployment);
    const call =
      kind === "query"
        ? http.query(makeFunctionReference<"query">(path), {})
        : http.mutation(makeFunctionReference<"mutation">(path), {});
    await expect(call).rejects.toThrow(/Could not find public function|Trying to execute|is not a/i);
  });
  test("over the WebSocket too", async () => {
    await withClient(deployment, async (client) => {
      await expect(client.query(makeFunctionReference<"query">("refused:secret"), {})).rejects.toThrow(
        "Could not find public function",
      );
    });
  });
});

describe("what a transaction may not do", () => {
  test("fetch in a query", async () => {
    await expect(httpClient(deployment).query(api.refused.fetches, {})).rejects.toThrow(/fetch/);
  });
  test("wait for a timer in a mutation", async () => {
    await expect(httpClient(deployment).mutation(api.refused.sleeps, {})).rejects.toThrow(/setTimeout/);
  });
  test("store what the schema does not allow", async () => {
    await expect(httpClient(deployment).mutation(api.refused.breaksSchema, {})).rejects.toThrow(/schema/i);
  });
  test("write in a query", async () => {
    expect(await httpClient(deployment).query(api.refused.writesInQuery, {})).toBe("undefined");
  });
});

describe("errors", () => {
  test("a plain error names the function's line", async () => {
    const error: unknown = await httpClient(deployment)
      .query(api.errors.plain, {})
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(ConvexError);
    // A production deployment tells clients only that there was an error.
    expect((error as Error).message).toMatch(/Server Error/);
    if (deployment.process !== null) {
      expect((error as Error).message).toMatch(
        /a plain error\n\s+at handler \(\.\.\/convex\/errors\.ts:8:11\)/,
      );
    }
  });
  test.each([["text"], [{ code: "denied", list: [1n, null] }], [null]])(
    "a ConvexError brings its data: %o",
    async (data) => {
      await withClient(deployment, async (client) => {
        const error: unknown = await client
          .mutation(api.errors.withData, { data })
          .catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(ConvexError);
        expect((error as ConvexError<never>).data).toEqual(data);
      });
    },
  );
  test("a ConvexError keeps its data through a nested call", async () => {
    const data = { code: "nested", count: 2n };
    expect(await httpClient(deployment).action(api.errors.dataThroughAction, { data })).toEqual({ data });
  });
});

describe("the scheduler", () => {
  const events = async (run: string) => await httpClient(deployment).query(api.later.events, { run });

  test.each(["mutation", "action"] as const)("runs a scheduled %s once", async (by) => {
    const http = httpClient(deployment);
    const run = newRun();
    const id = await http.mutation(api.later.schedule, { run, what: "done", delayMs: 300, by });
    await expect.poll(() => http.query(api.later.state, { id }), PATIENCE).toBe("success");
    expect(await events(run)).toEqual(["done"]);
  });
  test("waits for the delay", async () => {
    const http = httpClient(deployment);
    const run = newRun();
    const asked = Date.now();
    const late = await http.mutation(api.later.schedule, {
      run,
      what: "late",
      delayMs: 3_600_000,
      by: "mutation",
    });
    const soon = await http.mutation(api.later.schedule, { run, what: "soon", delayMs: 500, by: "mutation" });
    await expect.poll(() => http.query(api.later.state, { id: soon }), PATIENCE).toBe("success");
    expect(Date.now() - asked).toBeGreaterThanOrEqual(500);
    expect(await http.query(api.later.state, { id: late })).toBe("pending");
    await http.mutation(api.later.cancel, { id: late });
    expect(await http.query(api.later.state, { id: late })).toBe("canceled");
    expect(await events(run)).toEqual(["soon"]);
  });
  test("runs nothing that a failed mutation scheduled", async () => {
    const http = httpClient(deployment);
    const run = newRun();
    await expect(http.mutation(api.later.scheduleAndThrow, { run })).rejects.toThrow("rolled back");
    const after = await http.mutation(api.later.schedule, {
      run,
      what: "after",
      delayMs: 100,
      by: "mutation",
    });
    await expect.poll(() => http.query(api.later.state, { id: after }), PATIENCE).toBe("success");
    expect(await events(run)).toEqual(["after"]);
  });
  test("a scheduled mutation that throws is failed and leaves nothing", async () => {
    const http = httpClient(deployment);
    const run = newRun();
    const id = await http.mutation(api.later.schedule, { run, what: "fails", delayMs: 0, by: "mutation" });
    await expect.poll(() => http.query(api.later.state, { id }), PATIENCE).toBe("failed");
    expect(await events(run)).toEqual([]);
  });
});

describe("files", () => {
  test("are uploaded by URL, served, described and deleted", async () => {
    const http = httpClient(deployment);
    const content = new Uint8Array([0, 1, 2, 250, 255]);
    const uploadUrl = await http.mutation(api.files.uploadUrl, {});
    const response = await fetch(uploadUrl, {
      method: "POST",
      headers: { "Content-Type": "application/x-test" },
      body: content,
    });
    const { storageId: id } = (await response.json()) as { storageId: never };
    expect(await http.query(api.files.metadata, { id })).toEqual({
      size: 5,
      contentType: "application/x-test",
    });
    const url = (await http.query(api.files.url, { id })) ?? "";
    expect(url).not.toContain(id);
    const served = await fetch(url);
    expect(served.headers.get("content-type")).toBe("application/x-test");
    expect(new Uint8Array(await served.arrayBuffer())).toEqual(content);
    await http.mutation(api.files.remove, { id });
    expect((await fetch(url)).status).toBe(404);
    expect(await http.query(api.files.url, { id })).toBeNull();
  });
  test("are stored and read by actions", async () => {
    const result = await httpClient(deployment).action(api.files.roundTrip, { text: "grüße" });
    expect(result).toMatchObject({ text: "grüße", type: "text/plain" });
  });
  test("an upload URL that was made up is refused", async () => {
    const uploadUrl = await httpClient(deployment).mutation(api.files.uploadUrl, {});
    const response = await fetch(`${uploadUrl.slice(0, -4)}AAAA`, { method: "POST", body: "x" });
    expect(response.status).toBeGreaterThanOrEqual(400);
  });
});

describe("HTTP actions", () => {
  test("answer their path and method", async () => {
    const response = await fetch(`${deployment.siteUrl}/echo?a=1`, {
      method: "POST",
      headers: { "x-test": "header" },
      body: "the body",
    });
    expect(response.status).toBe(201);
    expect(response.headers.get("x-answer")).toBe("yes");
    expect(await response.json()).toEqual({
      method: "POST",
      path: "/echo?a=1",
      header: "header",
      body: "the body",
    });
    expect((await fetch(`${deployment.siteUrl}/echo`)).status).toBe(404);
    expect((await fetch(`${deployment.siteUrl}/nothing`)).status).toBe(404);
  });
  test("answer a path prefix, and reach the database", async () => {
    const run = newRun();
    const response = await fetch(`${deployment.siteUrl}/notes/${run}/written`, { method: "PUT" });
    expect(response.status).toBe(204);
    expect(await httpClient(deployment).query(api.later.events, { run })).toEqual(["written"]);
  });
  test("answer bit by bit, and call functions while they do", async () => {
    const run = newRun();
    const response = await fetch(`${deployment.siteUrl}/streams/${run}`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    expect(await reader?.read()).toEqual({ done: false, value: "first" });
    // The rest waits for this event, so the first part cannot have been held back for it.
    await fetch(`${deployment.siteUrl}/notes/${run}/second`, { method: "PUT" });
    expect(await reader?.read()).toEqual({ done: false, value: "second" });
    expect(await reader?.read()).toEqual({ done: true, value: undefined });
  });
  test("read a request that comes in parts", async () => {
    const body = new ReadableStream<string>({
      start: (controller) => {
        for (const part of ["one ", "two ", "three"]) controller.enqueue(part);
        controller.close();
      },
    });
    const response = await fetch(`${deployment.siteUrl}/parts`, {
      method: "POST",
      body: body.pipeThrough(new TextEncoderStream()),
      duplex: "half",
    } as RequestInit);
    expect(await response.text()).toBe("one two three");
  });
  test("that throw answer 500", async () => {
    expect((await fetch(`${deployment.siteUrl}/throws`)).status).toBe(500);
  });
  test("know who calls", async () => {
    const token = await deployment.token();
    const headers = { Authorization: `Bearer ${token}` };
    expect(await (await fetch(`${deployment.siteUrl}/whoami`, { headers })).json()).toBe("user|1");
    expect(await (await fetch(`${deployment.siteUrl}/whoami`)).json()).toBeNull();
  });
});
