import { render } from "../predict/widget.js";
import { inNotebook } from "../shared/notebook.js";

export default inNotebook({ render });
