import { render } from "../explore/widget.js";
import { inNotebook } from "../shared/notebook.js";

export default inNotebook({ render });
