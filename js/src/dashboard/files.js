// @ts-nocheck
import { h } from "../shared/elements.js";

// Gives the reader a file: a promise of text, or the address of a picture.
export async function saveAs(name, content) {
  const found = await content;
  const url = found.startsWith("data:") ? found : URL.createObjectURL(new Blob([found]));
  const anchor = h("a", { href: url, download: name });
  document.body.append(anchor);
  anchor.click();
  anchor.remove();
  if (url.startsWith("blob:")) setTimeout(() => URL.revokeObjectURL(url), 60000);
}
