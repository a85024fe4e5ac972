// What a browser without the means to read the data is told, in both languages; nothing else of the page then
// starts.

import { h } from "./elements.js";

export const refuseOldBrowser = ({ zh, en }) => {
  if (window.DecompressionStream && Array.prototype.findLast) return;
  const said = [
    ["zh-CN", zh],
    ["en", en],
  ].map(([lang, { old_browser: text }]) => h("p", { lang }, text));
  document.body.prepend(h("div", { class: "sorry", role: "alert" }, said));
  throw new Error(en.old_browser);
};
