import { showPage } from "../player/page.js";

showPage();
