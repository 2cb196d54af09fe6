import { render } from "../quiz/widget.js";
import { inNotebook } from "../shared/notebook.js";

export default inNotebook({ render });
