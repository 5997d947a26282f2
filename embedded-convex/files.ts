/**
 * File storage: `_storage` documents, and beside them the bytes, in the same SQLite file so that both appear and
 * disappear in one commit. A file's URL has an unguessable name of its own, derived from the id with a secret, so
 * an id may be shown to anybody without giving the file away.
 */
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { stringField } from "./store/catalog";
import type { Store } from "./store/store";
import { parseDocument, type Transaction } from "./store/transaction";

export const MAX_FILE_BYTES = 256 * 1024 * 1024;

const UPLOAD_URL_LIFETIME_MS = 60 * 60_000;

/** The bytes that came are not those that were meant. */
export class WrongDigestError extends Error {}

export interface StoredFile {
  content: Buffer;
  contentType: string | null;
  sha256: string;
}

export class Files {
  private readonly secret: Buffer;

  constructor(
    private readonly store: Store,
    /** Where this server is reached, without a slash at the end. */
    private readonly origin: string,
  ) {
    store.connection.exec(
      "CREATE TABLE IF NOT EXISTS files (name TEXT PRIMARY KEY, document TEXT NOT NULL UNIQUE, content BLOB NOT NULL)",
    );
    const kept = store.readMeta("fileSecret");
    this.secret = kept === null ? randomBytes(32) : Buffer.from(kept, "hex");
    if (kept === null) store.writeMeta("fileSecret", this.secret.toString("hex"));
  }

  /** Stores a file as part of a write transaction and returns its id. */
  put(
    transaction: Transaction,
    content: Buffer,
    contentType: string | null,
    expectedSha256?: string,
  ): string {
    if (content.byteLength > MAX_FILE_BYTES) {
      throw new Error(
        `The file is too large (${content.byteLength} bytes > maximum ${MAX_FILE_BYTES} bytes).`,
      );
    }
    const digest = createHash("sha256").update(content).digest();
    const sha256 = digest.toString("base64");
    if (expectedSha256 !== undefined && ![sha256, digest.toString("hex")].includes(expectedSha256)) {
      throw new WrongDigestError("The file's SHA-256 is not the expected one.");
    }
    const fields = { sha256, size: content.byteLength, ...(contentType === null ? {} : { contentType }) };
    const id = transaction.insert("_storage", fields, () => null);
    this.store.connection.run(
      "INSERT INTO files (name, document, content) VALUES (?, ?, ?)",
      this.nameOf(id),
      id,
      content,
    );
    return id;
  }

  /** Deletes a file as part of a write transaction. Throws when there is none. */
  remove(transaction: Transaction, id: string): void {
    if (this.metadata(transaction, id) === null) throw new Error(`storage id ${id} not found`);
    transaction.remove(id);
    this.store.connection.run("DELETE FROM files WHERE document = ?", id);
  }

  /** The `_storage` document, or `null`. */
  metadata(transaction: Transaction, id: string): ReturnType<typeof parseDocument> | null {
    if (transaction.catalog.tableOfId(id) !== "_storage") {
      throw new Error(`Invalid storage ID: "${id}" is not an ID of table "_storage".`);
    }
    const json = transaction.get("_storage", id);
    return json === null ? null : parseDocument(json);
  }

  url(transaction: Transaction, id: string): string | null {
    if (this.metadata(transaction, id) === null) return null;
    return `${this.origin}/api/storage/${this.nameOf(id)}`;
  }

  /** The bytes of a committed file, by the name in its URL. */
  open(name: string): StoredFile | null {
    return this.store.peek((connection) => {
      const row = connection.get(
        "SELECT f.content, d.value FROM files f JOIN documents d ON d.id = f.document WHERE f.name = ?",
        name,
      );
      if (row === undefined) return null;
      const document = parseDocument(String(row[1]));
      const { contentType } = document;
      return {
        content: row[0] as Buffer,
        contentType: typeof contentType === "string" ? contentType : null,
        sha256: stringField(document, "sha256"),
      };
    });
  }

  /** The name of a file in its URL. */
  nameOf(id: string): string {
    const hex = createHmac("sha256", this.secret).update(`file:${id}`).digest("hex");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
      "-",
    );
  }

  /** A URL that accepts one upload's POST for an hour. */
  uploadUrl(): string {
    const expiry = String(Date.now() + UPLOAD_URL_LIFETIME_MS);
    return `${this.origin}/api/storage/upload?token=${expiry}.${this.signature(expiry)}`;
  }

  acceptsUpload(token: string): boolean {
    const [expiry = "", signature = ""] = token.split(".");
    const expected = Buffer.from(this.signature(expiry));
    const given = Buffer.from(signature);
    return (
      given.length === expected.length && timingSafeEqual(given, expected) && Number(expiry) > Date.now()
    );
  }

  private signature(expiry: string): string {
    return createHmac("sha256", this.secret).update(`upload:${expiry}`).digest("base64url");
  }
}
