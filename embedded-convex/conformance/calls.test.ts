import { expect, test } from "vitest";
import { api } from "./api";
import { httpClient, newRun, useDeployment } from "./deployment";

const deployment = useDeployment();

test("queries call queries, and actions call actions, internal ones too", async () => {
  const http = httpClient(deployment);
  expect(await http.query(api.calls.fromQuery, {})).toBe(3);
  expect(await http.action(api.calls.fromAction, {})).toBe(7);
});

test("a function handle is text that calls its function", async () => {
  const http = httpClient(deployment);
  const handle = await http.mutation(api.calls.handle, {});
  expect(await http.query(api.calls.byHandle, { handle })).toBe(11);
  await expect(http.query(api.calls.byHandle, { handle: "function://;nowhere:atAll" })).rejects.toThrow();
});

test("a function knows its name, and what it has read", async () => {
  expect(await httpClient(deployment).query(api.calls.about, {})).toEqual({
    name: "calls:about",
    type: "query",
    visibility: "public",
    queries: 1,
  });
});

test("a mutation reads what it replaced and deleted", async () => {
  const name = newRun();
  const { replaced, deleted } = await httpClient(deployment).mutation(api.calls.fields, { name });
  expect(replaced).toMatchObject({ name, value: 2 });
  expect(deleted).toBeNull();
});
