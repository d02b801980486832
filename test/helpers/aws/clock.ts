/** The time of the stand-in: never twice the same, so that events have an order. */
export class Clock {
  #last = 0;
  readonly #read: () => number;

  constructor(read: () => number = Date.now) {
    this.#read = read;
  }

  now(): Date {
    this.#last = Math.max(this.#read(), this.#last + 1);
    return new Date(this.#last);
  }
}
