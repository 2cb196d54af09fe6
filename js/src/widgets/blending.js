import { render } from "../blending/widget.js";
import { inNotebook } from "../shared/notebook.js";

export default inNotebook({ render });
