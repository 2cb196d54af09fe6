import { showResults } from "../results/view.js";

showResults();
