import { render } from "../playground/widget.js";
import { inNotebook } from "../shared/notebook.js";

export default inNotebook({ render });
