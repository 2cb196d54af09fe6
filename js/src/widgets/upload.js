import { inNotebook } from "../shared/notebook.js";
import { render } from "../upload/widget.js";

export default inNotebook({ render });
