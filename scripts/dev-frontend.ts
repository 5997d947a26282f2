/** `npm run dev:frontend`: Vite, told where the other two are. */
import { readBackend } from "./backend";
import { localPorts } from "./ports";
import { becomeChild, binOf, spawnNode } from "./processes";

const { vite, partykit } = localPorts();
await becomeChild(
  spawnNode([binOf("vite")], {
    env: {
      VITE_CONVEX_URL: readBackend(process.cwd()).url,
      VITE_PARTYKIT_HOST: `127.0.0.1:${partykit.port}`,
      ...process.env,
      VITE_PORT: String(vite.port),
    },
  }),
);
