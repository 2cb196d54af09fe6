// Which moment of the run is looked at: a step, or null for the latest one, which moves.

const FRAMES = 60; // of a replay, at most

/**
 * What is looked at when somebody asks for a step.
 * @param {number | null} at
 * @param {number} latest
 */
export const momentAt = (at, latest) => (at === null || at >= latest ? null : at);

/**
 * The step of a replay's next frame.
 * @param {number | null} at
 * @param {number} latest
 */
export const nextFrame = (at, latest) => (at ?? 0) + Math.max(1, Math.ceil(latest / FRAMES));
