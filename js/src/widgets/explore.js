import { render } from "../explore/widget.js";

export default { render };
