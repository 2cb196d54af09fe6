// What is large is loaded once somebody is about to see it.

/** @type {WeakMap<Element, Promise<void>>} */
const watched = new WeakMap();

/**
 * @param {Element} place
 * @returns {Promise<void>} kept once it is on the screen, or nearly
 */
export function near(place) {
  const known = watched.get(place) ?? comesNear(place);
  watched.set(place, known);
  return known;
}

/**
 * @param {Element} place
 * @returns {Promise<void>}
 */
const comesNear = (place) =>
  new Promise((resolve) => {
    const watch = new IntersectionObserver(
      (seen) => {
        if (!seen.some(({ isIntersecting }) => isIntersecting)) return;
        watch.disconnect();
        resolve();
      },
      { rootMargin: "25%" },
    );
    watch.observe(place);
  });
