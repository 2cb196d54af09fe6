import { render } from "../player/widget.js";

export default { render };
