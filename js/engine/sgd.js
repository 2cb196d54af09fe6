// Stochastic gradient descent with momentum, as PyTorch has it: no dampening, no weight decay.

/** @import { Parameter } from "./layers.js" */

/**
 * @param {Parameter[]} parameters
 */
export function forgetGradients(parameters) {
  for (const { gradient } of parameters) gradient.fill(0);
}

/**
 * `v = momentum v + g`, then `w = w - rate v`.
 * @param {Parameter[]} parameters those that move; the others keep their velocity
 * @param {number} rate
 * @param {number} momentum
 * @param {number} factor of the gradients
 */
export function descend(parameters, rate, momentum, factor) {
  for (const { values, gradient, velocity } of parameters)
    for (let at = 0; at < values.length; at++) {
      velocity[at] = momentum * velocity[at] + factor * gradient[at];
      values[at] -= rate * velocity[at];
    }
}
