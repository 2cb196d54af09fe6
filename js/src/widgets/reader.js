import { render } from "../reader/widget.js";
import { inNotebook } from "../shared/notebook.js";

export default inNotebook({ render });
