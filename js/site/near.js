// What is large is loaded once somebody is about to see it.

/**
 * @param {HTMLElement} place
 * @returns {Promise<void>} kept once it is on the screen, or nearly
 */
export const near = (place) =>
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
