// A text as a file that the browser saves.

import { h } from "./elements.js";

/**
 * @param {string} name
 * @param {string} type MIME type
 * @param {BlobPart} text
 */
export const download = (name, type, text) => {
  const link = h("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};
