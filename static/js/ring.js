/**
 * A table of numbers with a fixed number of rows; the newest pushes the oldest out. Its memory is
 * taken once and never grows. Rows are pushed in the order of their first column.
 */
export class Ring {
  #columns;
  #capacity;
  #start = 0;
  length = 0;

  /** @param {number} capacity rows @param {number} width columns */
  constructor(capacity, width) {
    this.#capacity = capacity;
    this.#columns = Array.from({ length: width }, () => new Float64Array(capacity));
  }

  /** @param {number[]} row */
  push(...row) {
    const full = this.length === this.#capacity;
    if (full) this.#start = (this.#start + 1) % this.#capacity;
    else this.length += 1;
    this.set(this.length - 1, ...row);
  }

  /** @param {number} i 0 is the oldest row @param {number[]} row */
  set(i, ...row) {
    const place = (this.#start + i) % this.#capacity;
    this.#columns.forEach((column, c) => (column[place] = row[c]));
  }

  /** @param {number} i 0 is the oldest row @param {number} column @returns {number} */
  at(i, column = 0) {
    return this.#columns[column][(this.#start + i) % this.#capacity];
  }

  /** @param {number} i @returns {number[]} */
  row(i) {
    return this.#columns.map((_column, c) => this.at(i, c));
  }

  /**
   * The first row whose first column is not below `value`; `length` where there is none.
   * @param {number} value
   */
  search(value) {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.at(middle) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  clear() {
    this.#start = 0;
    this.length = 0;
  }
}
