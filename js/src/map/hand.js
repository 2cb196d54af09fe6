// The hand that draws on a map.

/**
 * What is drawn once the hand has drawn, null for nothing.
 * @typedef {{ byPerson: boolean } | null} Late
 */

/**
 * After something else has to wait. What the reader has asked for stays so, whatever frames come
 * before or after it.
 * @param {Late} late
 * @param {boolean} byPerson whether the reader has asked for it, not a frame
 * @returns {Late}
 */
export const alsoLate = (late, byPerson) => ({ byPerson: byPerson || Boolean(late?.byPerson) });

export class Hand {
  /** Whether it draws now. What is drawn meanwhile would break the line: it waits. */
  drawing = false;
  #drew = false;
  #released;

  /**
   * @param {HTMLElement} box
   * @param {() => void} pressed
   * @param {() => void} released
   */
  constructor(box, pressed, released) {
    this.#released = released;
    box.addEventListener("pointerdown", () => {
      this.drawing = this.#drew = true;
      pressed();
    });
    addEventListener("pointerup", this.#release);
    addEventListener("pointercancel", this.#release);
  }

  /** Whether it has drawn since this was asked last: Plotly tells of selections after a redraw too. */
  hasDrawn() {
    const drew = this.#drew;
    this.#drew = false;
    return drew;
  }

  remove() {
    removeEventListener("pointerup", this.#release);
    removeEventListener("pointercancel", this.#release);
  }

  #release = () => {
    if (!this.drawing) return;
    // Later, so that Plotly has heard of it.
    setTimeout(() => {
      this.drawing = false;
      this.#released();
    });
  };
}
