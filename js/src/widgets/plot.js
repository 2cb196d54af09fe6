import { render } from "../plot/widget.js";
import { inNotebook } from "../shared/notebook.js";

export default inNotebook({ render });
