import { render } from "../beside/widget.js";
import { inNotebook } from "../shared/notebook.js";

export default inNotebook({ render });
