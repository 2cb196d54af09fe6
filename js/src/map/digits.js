// @ts-nocheck
// Pictures of digits, and what is said under one.

export const anyDigit = (digit) => `${digit === 8 ? "an" : "a"} ${digit}`;

// What the network says of a digit, under its picture; says is undefined where nobody asked it.
export function captionDigit(item, is, says, confidence) {
  const right = is === says;
  const known = says !== undefined;
  item.classList.toggle("dann-wrong", known && !right);
  item.lastChild.textContent = known ? `${right ? "✓" : "✗"} ${says}` : `${is}`;
  item.title = known
    ? `This is ${anyDigit(is)}; the network says ${says}${confidence === undefined ? "" : ` with probability ${confidence.toFixed(2)}`}.`
    : `This is ${anyDigit(is)}.`;
  item.setAttribute(
    "aria-label",
    known ? `${is}, predicted ${says}, ${right ? "right" : "wrong"}` : `${is}`,
  );
}

// Pictures of 28 x 28 in one image, `columns` in a row: a function that paints one on a canvas.
export async function digitSheet(url, columns) {
  const image = new Image();
  image.src = url;
  await image.decode();
  return (canvas, index) =>
    canvas
      .getContext("2d")
      .drawImage(
        image,
        28 * (index % columns),
        28 * Math.floor(index / columns),
        28,
        28,
        0,
        0,
        28,
        28,
      );
}
