/** Runs tasks one after the other, in the order they came. */
export class Lane {
  private last: Promise<unknown> = Promise.resolve();

  run<T>(task: () => Promise<T> | T): Promise<T> {
    const result = this.last.then(task);
    // The next task runs whether or not this one failed; its caller gets the failure.
    this.last = result.then(
      () => null,
      () => null,
    );
    return result;
  }

  /** Settles when all that was queued so far is done. */
  async drained(): Promise<void> {
    await this.last;
  }
}
