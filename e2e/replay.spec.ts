/**
 * A recorded session of two people, replayed by two clients through the real server. `npm test -- --trace FILE`
 * replays another one.
 */
import * as Y from "yjs";
import { api } from "../convex/_generated/api";
import { roomIdFor } from "../protocol/rooms";
import { expect, test } from "./fixtures";
import { createPerson, tokenOf, type Person } from "./people";
import { ReplayAgent, connect, textOf, until, type RoomAddress } from "./replay/agent";
import { generateTrace } from "./replay/generated";
import { findTrace, readTrace, toScript } from "./replay/trace";

const SEED = 20_261_120;

test("two recorded people, replayed through the server, end with the recorded text", async ({ stack }) => {
  test.setTimeout(300_000);
  const path = findTrace();
  const trace = path === undefined ? generateTrace(SEED) : readTrace(path);
  const script = toScript(trace);
  test.info().annotations.push({ type: "trace", description: path ?? `generated from seed ${SEED}` });

  const [ada, bert, cleo] = [
    await createPerson(stack, "Ada"),
    await createPerson(stack, "Bert"),
    await createPerson(stack, "Cleo"),
  ];
  const documentId = await ada.convex.mutation(api.documents.create, { title: "Replayed" });
  await ada.convex.mutation(api.documents.addMember, { documentId, email: bert.email, role: "editor" });
  await ada.convex.mutation(api.documents.addMember, { documentId, email: cleo.email, role: "viewer" });
  const addressFor = (person: Person): RoomAddress => ({
    host: stack.partykitHost,
    roomId: roomIdFor("doc", documentId),
    token: () => tokenOf(person, documentId),
  });

  const agents = [new ReplayAgent(0, addressFor(ada)), new ReplayAgent(1, addressFor(bert))] as const;
  const joined = new Y.Doc();
  try {
    await Promise.all(
      ([0, 1] as const).map((agent) => {
        const other = agent === 0 ? 1 : 0;
        const cuts = new Set(script[other].map((step) => step.seen));
        return agents[agent].play(script[agent], cuts, (count) =>
          until(
            () => agents[other].received(agent) >= count,
            () => agents[other].describe(`has not received ${count} from agent ${agent}`),
          ),
        );
      }),
    );
    await agents[0].see(script[1].length);
    await agents[1].see(script[0].length);
    expect(agents[0].text).toBe(trace.endContent);
    expect(agents[1].text).toBe(trace.endContent);

    const provider = connect(addressFor(cleo), joined);
    try {
      await until(
        () => provider.synced,
        () => "the third client never synced",
      );
      expect(textOf(joined).toJSON()).toBe(trace.endContent);
    } finally {
      provider.destroy();
    }
  } finally {
    joined.destroy();
    for (const agent of agents) agent.destroy();
  }
});
