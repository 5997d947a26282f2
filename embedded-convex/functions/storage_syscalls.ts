/** `ctx.storage`. */
import { z } from "zod";
import type { Files } from "../files";
import type { Transaction } from "../store/transaction";
import type { Execution } from "./execution";
import { syscall, transactionOf, type AsyncSyscalls } from "./syscall";

export interface StorageHost {
  files: Files;
  /** Runs against a snapshot of its own. */
  read<T>(body: (transaction: Transaction) => T): T;
  /** Runs in a write transaction of its own. */
  write<T>(body: (transaction: Transaction) => T): Promise<T>;
}

const ById = z.object({ storageId: z.string() });
const Store = z.object({ blob: z.string(), contentType: z.string(), sha256: z.string().optional() });

export function storageSyscalls(host: StorageHost): AsyncSyscalls {
  const { files } = host;

  /** In its transaction for a query or mutation, on a snapshot of its own for an action. */
  function read<T>(execution: Execution, body: (transaction: Transaction) => T): T {
    return execution.transaction === null ? host.read(body) : body(execution.transaction);
  }

  return {
    "1.0/storageGetUrl": syscall(ById, (execution, { storageId }) =>
      JSON.stringify(read(execution, (transaction) => files.url(transaction, storageId))),
    ),
    "1.0/storageGetMetadata": syscall(ById, (execution, { storageId }) => {
      const document = read(execution, (transaction) => files.metadata(transaction, storageId));
      if (document === null) return "null";
      const { sha256, size, contentType = null } = document;
      return JSON.stringify({ storageId: files.nameOf(storageId), sha256, size, contentType });
    }),
    "1.0/storageGenerateUploadUrl": syscall(z.object({}), () => JSON.stringify(files.uploadUrl())),
    "1.0/storageDelete": syscall(ById, async (execution, { storageId }) => {
      const { transaction } = execution;
      if (transaction === null) await host.write((own) => files.remove(own, storageId));
      else files.remove(transaction, storageId);
      return "null";
    }),
    "1.0/storageStore": syscall(Store, (execution, { blob, contentType, sha256 }) => {
      const transaction = transactionOf(execution, "storage.store");
      const id = files.put(transaction, Buffer.from(blob, "base64"), contentType || null, sha256);
      return JSON.stringify(id);
    }),
    "1.0/storageGet": syscall(ById, (execution, { storageId }) => {
      const transaction = transactionOf(execution, "storage.get");
      if (files.metadata(transaction, storageId) === null) return "null";
      const file = files.open(files.nameOf(storageId));
      if (file === null) throw new Error("A file that this very mutation stores cannot be read back in it.");
      return JSON.stringify({ blob: file.content.toString("base64"), contentType: file.contentType });
    }),
  };
}

/** `ctx.storage.store(blob)` of actions, which passes objects instead of JSON. */
export async function storeBlob(host: StorageHost, blob: Blob, sha256: string | undefined): Promise<string> {
  const content = Buffer.from(await blob.arrayBuffer());
  return await host.write((transaction) => host.files.put(transaction, content, blob.type || null, sha256));
}

export function getBlob(host: StorageHost, storageId: string): Blob | null {
  const exists = host.read((transaction) => host.files.metadata(transaction, storageId) !== null);
  const file = exists ? host.files.open(host.files.nameOf(storageId)) : null;
  return file === null ? null : new Blob([new Uint8Array(file.content)], { type: file.contentType ?? "" });
}
