import { h } from "../shared/elements.js";

const KEPT = 60000; // ms that a file stays at hand for a browser that is slow to save it

/**
 * Some bytes of a file, in base64.
 * @param {Blob} file
 * @param {number} first
 * @param {number} end
 * @returns {Promise<string>}
 */
export const partOf = (file, first, end) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1]);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file.slice(first, end));
  });

/**
 * Gives the reader a file.
 * @param {string} name
 * @param {string | Promise<string>} content a text, or the address of a picture
 */
export async function saveAs(name, content) {
  const found = await content;
  const url = found.startsWith("data:") ? found : URL.createObjectURL(new Blob([found]));
  const anchor = h("a", { href: url, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  if (url.startsWith("blob:")) setTimeout(() => URL.revokeObjectURL(url), KEPT);
}

/**
 * Takes the files that are dropped on an area, and marks a part of it while they are above.
 * @param {HTMLElement} area
 * @param {HTMLElement} marked
 * @param {(files: File[]) => void} take
 */
export function catchDrops(area, marked, take) {
  /** @param {boolean} over */
  const mark = (over) => marked.classList.toggle("dann-over", over);
  /** @param {DragEvent} event */
  const isFile = (event) => event.dataTransfer?.types.includes("Files") ?? false;
  area.addEventListener("dragover", (event) => {
    if (!isFile(event)) return;
    event.preventDefault(); // or the browser would open the file
    mark(true);
  });
  area.addEventListener("dragleave", (event) => {
    if (!area.contains(/** @type {Node | null} */ (event.relatedTarget))) mark(false);
  });
  area.addEventListener("drop", (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    event.stopPropagation();
    mark(false);
    take([...(event.dataTransfer?.files ?? [])]);
  });
}
