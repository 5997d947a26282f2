/** One SQLite connection with its prepared statements. Rows come back as arrays, in the order of the columns. */
import Database from "libsql";

type Bindable = string | number | Buffer | null;

export class Connection {
  private readonly database: Database.Database;
  private readonly statements = new Map<string, Database.Statement>();

  constructor(path: string) {
    this.database = new Database(path);
    this.all("PRAGMA journal_mode = WAL");
    // FULL: the commit returns after the log is flushed, so what was acknowledged survives a power cut too.
    this.exec("PRAGMA synchronous = FULL");
    this.exec("PRAGMA cache_size = -65536");
  }

  /** Statements without parameters or results. */
  exec(sql: string): void {
    this.database.exec(sql);
  }

  run(sql: string, ...values: Bindable[]): void {
    this.prepare(sql).run(values);
  }

  get(sql: string, ...values: Bindable[]): unknown[] | undefined {
    return this.prepare(sql).get(values) as unknown[] | undefined;
  }

  all(sql: string, ...values: Bindable[]): unknown[][] {
    return this.prepare(sql).all(values) as unknown[][];
  }

  get inTransaction(): boolean {
    return this.database.inTransaction;
  }

  close(): void {
    this.statements.clear();
    this.database.close();
  }

  private prepare(sql: string): Database.Statement {
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      if (statement.reader) statement.raw(true);
      this.statements.set(sql, statement);
    }
    return statement;
  }
}
