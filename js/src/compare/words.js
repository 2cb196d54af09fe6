// Every word of the comparison that a person can see or hear, so that a translation is one file's
// work. The names of the runs come from Python as they are.

export const COMPARE = "Compare runs";
export const SLOTS = ["First run", "Second run", "Third run"];
export const NO_RUN = "none";
export const NOTHING_CHOSEN =
  "Choose a run to see its curves and maps, and a second or third to put beside it.";
export const ON_THE_WAY = "Putting the runs side by side…";
export const REPLAY = {
  label: "Replay its lambda",
  title:
    "Start a new run with the same settings in which lambda is, step by step, what it was in this one",
};
