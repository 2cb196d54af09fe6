import "../alone/saved.js";
