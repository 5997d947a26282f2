/**
 * Hocuspocus as a process of its own: `node hocuspocus-server.mjs PORT DATABASE`.
 *
 * It stores as its SQLite extension does (one row per document, the whole document, debounced as Hocuspocus does by
 * itself), through libsql: the driver of that extension has no binary in its npm package. Sends "ready" to its
 * parent, and answers "writes" with the number of rows that it has written.
 */
import { Database as Storage } from "@hocuspocus/extension-database";
import { Server } from "@hocuspocus/server";
import Database from "libsql";

const [port, file] = process.argv.slice(2);

const database = new Database(file);
database.exec("CREATE TABLE IF NOT EXISTS documents (name TEXT NOT NULL UNIQUE, data BLOB NOT NULL)");
const select = database.prepare("SELECT data FROM documents WHERE name = ?");
const upsert = database.prepare(
  "INSERT INTO documents (name, data) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET data = excluded.data",
);
let writes = 0;

const server = new Server({
  port: Number(port),
  address: "127.0.0.1",
  quiet: true,
  extensions: [
    new Storage({
      fetch: async ({ documentName }) => select.get(documentName)?.data ?? null,
      store: async ({ documentName, state }) => {
        upsert.run(documentName, state);
        writes += 1;
      },
    }),
  ],
});
await server.listen();

process.on("message", (message) => {
  if (message === "writes") process.send({ writes });
});
process.send("ready");
