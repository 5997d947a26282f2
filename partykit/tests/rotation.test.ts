/** PartyKit in the middle of replacing the secrets that it shares with Convex: see docs/deploy.md. */
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  SERVICE_SECRET,
  signToken,
  startAccessServer,
  TOKEN_SECRET,
  type AccessServer,
} from "./access-server";
import { handshake } from "./clients";
import { startPartyKit, type PartyKitServer } from "./server-process";

const NEW_TOKEN_SECRET = "a new token secret, of 32 bytes or more";
const NEW_SERVICE_SECRET = "a new service secret, of 32 bytes or more";

let convex: AccessServer;
let server: PartyKitServer;

beforeAll(async () => {
  convex = await startAccessServer();
  server = await startPartyKit({
    vars: {
      ...convex.vars,
      COLLABORATION_TOKEN_SECRET: NEW_TOKEN_SECRET,
      COLLABORATION_TOKEN_SECRET_SECOND: TOKEN_SECRET,
      ROOM_SERVICE_SECRET: NEW_SERVICE_SECRET,
      ROOM_SERVICE_SECRET_SECOND: SERVICE_SECRET,
    },
  });
});
afterAll(async () => {
  await server.dispose();
  await convex.close();
});

test.each([
  ["the first", NEW_TOKEN_SECRET, 101],
  ["the second", TOKEN_SECRET, 101],
  ["neither", "a secret that nobody knows, 32 bytes or more", 401],
])("a token signed with %s", async (_which, secret, status) => {
  const token = await signToken("editor1", "doc-rotation", { secret });
  const outcome = await handshake(server.host, `/parties/main/doc-rotation?token=${token}`);
  if (outcome.kind === "open") outcome.client.socket.close();
  expect(outcome.kind === "open" ? 101 : outcome.status).toBe(status);
});

test.each([
  ["the first", NEW_SERVICE_SECRET, 200],
  ["the second", SERVICE_SECRET, 200],
  ["neither", "wrong", 401],
])("an operator with %s service secret", async (_which, secret, status) => {
  const headers = { authorization: `Bearer ${secret}` };
  const response = await fetch(`http://${server.host}/parties/main/doc-rotation`, { headers });
  await response.arrayBuffer();
  expect(response.status).toBe(status);
});
