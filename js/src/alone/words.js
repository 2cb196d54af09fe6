// What stands above a widget whose knobs are dead.

export const NEEDS_PYTHON = "Moving this needs Python: open the notebook and run it.";
