import { render } from "../blending/widget.js";

export default { render };
