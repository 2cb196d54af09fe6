export { showState } from "../alone/states.js";
