// @vitest-environment edge-runtime
/** Every HTTP action of `http.ts` that is for servers: no page of any site gets a word out of it. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { ACCESS_PATH } from "../protocol/access";
import { BACKUP_PATH, ROOMS_PATH } from "../protocol/backup";
import { deployment } from "./people.fixture";
import http from "./http";

const SECRET = "the service secret of the tests";
/** Of the auth library: public keys, and where they are. */
const FOR_EVERYBODY = /^\/\.well-known\//;

beforeEach(() => {
  vi.stubEnv("ROOM_SERVICE_SECRET", SECRET);
  vi.stubEnv("SITE_URL", "https://ripple.example.com");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const doors = http.getRoutes().filter(([path]) => !FOR_EVERYBODY.test(path));

it("are these", () => {
  expect(doors.map(([path, method]) => `${method} ${path}`).sort()).toEqual([
    `GET ${ROOMS_PATH}`,
    `GET ${BACKUP_PATH}`,
    `POST ${ACCESS_PATH}`,
    `POST ${BACKUP_PATH}`,
  ]);
});

it.each(doors.map(([path, method]) => ({ path, method })))(
  "$method $path refuses every page with 403, and without CORS headers",
  async ({ path, method }) => {
    const t = deployment();
    for (const origin of ["https://evil.example", "https://ripple.example.com", "null"]) {
      // A request that would otherwise be answered, and what a browser sends ahead of it.
      for (const way of [method, "OPTIONS"] as const) {
        const response = await t.fetch(`${path}?room=doc-abc&number=1&kind=doc`, {
          method: way,
          headers: { authorization: `Bearer ${SECRET}`, origin },
          ...(way === "POST" && { body: "{}" }),
        });
        expect(response.status).toBe(way === "OPTIONS" ? 404 : 403);
        expect([...response.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual([]);
      }
    }
  },
);
