import { render } from "../quiz/widget.js";

export default { render };
