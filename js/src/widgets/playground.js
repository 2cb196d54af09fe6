import { render } from "../playground/widget.js";

export default { render };
