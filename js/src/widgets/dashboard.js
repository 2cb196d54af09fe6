import { createDashboard } from "../dashboard/widget.js";

export default createDashboard;
