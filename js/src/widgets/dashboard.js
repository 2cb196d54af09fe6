import { createDashboard } from "../dashboard/widget.js";
import { inNotebook } from "../shared/notebook.js";

export default () => inNotebook(createDashboard());
