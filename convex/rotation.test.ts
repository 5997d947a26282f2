// @vitest-environment edge-runtime
/**
 * Replacing the two secrets that Convex and PartyKit share, as docs/deploy.md says: the new one is accepted, then used,
 * then the only one. At no step is what the other side sends refused, whichever of the two is deployed first.
 */
import { afterEach, expect, it, vi } from "vitest";
import { ACCESS_PATH } from "../protocol/access";
import { BACKUP_PATH } from "../protocol/backup";
import { api } from "./_generated/api";
import { deployment, person } from "./people.fixture";

const OLD = "the old secret of the tests, 32 bytes or more";
const NEW = "the new secret of the tests, 32 bytes or more";

/** First and second secret at each step. */
const STEPS = [
  { first: OLD, second: "" },
  { first: OLD, second: NEW },
  { first: NEW, second: OLD },
  { first: NEW, second: "" },
];

afterEach(() => {
  vi.unstubAllEnvs();
});

function configure(name: string, { first, second }: { first: string; second: string }): void {
  vi.stubEnv(name, first);
  vi.stubEnv(`${name}_SECOND`, second);
}

it("tokens issued at one step open rooms at the next one, and not after that", async () => {
  const t = deployment();
  const ann = await person(t, "Ann");
  const resourceId = await ann.client.mutation(api.documents.create, { title: "Plan" });
  const issueAt = async (step: number) => {
    configure("COLLABORATION_TOKEN_SECRET", STEPS[step] ?? { first: "", second: "" });
    return ann.client.action(api.collaboration.getCollaborationToken, { resourceType: "doc", resourceId });
  };
  const askAt = async (step: number, { token, roomId }: { token: string; roomId: string }) => {
    configure("COLLABORATION_TOKEN_SECRET", STEPS[step] ?? { first: "", second: "" });
    const response = await t.fetch(ACCESS_PATH, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
      body: JSON.stringify({ roomId }),
    });
    return response.status;
  };
  for (const step of [0, 1, 2]) expect(await askAt(step + 1, await issueAt(step))).toBe(200);
  for (const step of [1, 2, 3]) expect(await askAt(step - 1, await issueAt(step))).toBe(200);
  expect(await askAt(3, await issueAt(1))).toBe(401);
  expect(await askAt(0, await issueAt(2))).toBe(401);
});

it("a room that is a step ahead or behind reaches its backups", async () => {
  const t = deployment();
  const ann = await person(t, "Ann");
  const id = await ann.client.mutation(api.documents.create, { title: "Plan" });
  const askAt = async (step: number, secret = "") => {
    configure("ROOM_SERVICE_SECRET", STEPS[step] ?? { first: "", second: "" });
    const headers = { authorization: `Bearer ${secret}` };
    return (await t.fetch(`${BACKUP_PATH}?room=doc-${id}`, { headers })).status;
  };
  for (const [step, { first }] of STEPS.entries()) {
    for (const neighbour of [step - 1, step, step + 1].filter((n) => n in STEPS)) {
      expect(await askAt(neighbour, first)).toBe(204);
    }
    expect(await askAt(step, "")).toBe(401);
    expect(await askAt(step, "wrong")).toBe(401);
  }
  expect(await askAt(3, OLD)).toBe(401);
  expect(await askAt(0, NEW)).toBe(401);
});
