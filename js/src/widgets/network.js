import { render } from "../dashboard/steps.js";
import { inNotebook } from "../shared/notebook.js";

export default inNotebook({ render });
