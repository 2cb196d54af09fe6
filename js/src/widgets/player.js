import { render } from "../player/widget.js";
import { inNotebook } from "../shared/notebook.js";

export default inNotebook({ render });
