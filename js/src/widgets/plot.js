import { render } from "../plot/widget.js";

export default { render };
