// Cells of a CSV file that a spreadsheet does not take for a formula.

// as pipeline/readers/formulas.py has it, which takes the apostrophe off again
const FORMULA = /^(?:'*[=+\-@\t\r\n＝＋－＠]|'+\d|'*[\u2018\u2019`＇]\d)/;

/**
 * @param {unknown} value null and undefined: an empty cell
 * @returns {string}
 */
export const csvCell = (value) => {
  const text = String(value ?? "");
  return `"${(FORMULA.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
};
