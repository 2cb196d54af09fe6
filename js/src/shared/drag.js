// How a dragged slider tells Python of itself.

// It speaks up to 60 times a second; 30 are plenty. The first one is told at once, and the last one
// always arrives.
const BETWEEN = 33; // ms

/**
 * @param {{ announce: () => void }} pull
 * @returns {(tell: () => void) => void} what hears each move of the slider, and tells from time to
 *   time: `tell` has to read the slider only then
 */
export function createDrag(pull) {
  /** @type {(() => void) | null} */
  let untold = null;
  let resting = false;
  const tellNow = () => {
    const tell = untold;
    untold = null;
    resting = tell !== null;
    if (!tell) return;
    setTimeout(tellNow, BETWEEN);
    tell();
  };
  return (tell) => {
    pull.announce(); // at once, so that an answer under way does not move the slider back
    untold = tell;
    if (!resting) tellNow();
  };
}
