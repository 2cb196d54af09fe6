// The gradient reversal layer: the identity forward, minus lambda times the gradient back.
// (Ganin & Lempitsky 2015, section 3, equations 9 and 10.)

import { times } from "./matrix.js";

/** @import { Operation } from "./matrix.js" */

/**
 * @param {number} lambda
 * @returns {Operation}
 */
export const reversal = (lambda) => (features) => ({
  out: features,
  back: (gradient) => times(gradient, -lambda),
});

/**
 * Turned round twice, for a loss that is to become smaller: a distance between the domains.
 * @param {number} lambda
 * @returns {Operation}
 */
export const scaling = (lambda) => (features) => ({
  out: features,
  back: (gradient) => times(gradient, lambda),
});
