/** Quantities in the units of a product, e.g. "3箱5瓶". The server has the last word. */

const round = (quantity) => Math.round(quantity * 1e6) / 1e6;

/**
 * Write a quantity of the base unit in units.
 *
 * @param {number} quantity
 * @param {{name: string, factor: number}[]} units biggest first, the base unit last
 * @returns {string}
 */
export function formatQuantity(quantity, units) {
    const sign = quantity < 0 ? "-" : "";
    let rest = round(Math.abs(quantity));
    const parts = [];
    for (const unit of units.slice(0, -1)) {
        const count = Math.floor(round(rest / unit.factor));
        if (count) {
            parts.push(`${count}${unit.name}`);
            rest = round(rest - count * unit.factor);
        }
    }
    if (rest || !parts.length) {
        parts.push(`${rest}${units.at(-1).name}`);
    }
    return sign + parts.join("");
}

/**
 * Read a quantity.
 *
 * @param {string} text "3箱5瓶" or a plain number of the base unit
 * @param {{name: string, factor: number}[]} units
 * @returns {number|null} in the base unit; null when it is no quantity
 */
export function parseQuantity(text, units) {
    const plain = (text || "").normalize("NFKC").replace(/\s/g, "");
    if (/^-?\d+(\.\d+)?$/.test(plain)) {
        return Number(plain);
    }
    let rest = plain;
    let quantity = 0;
    while (rest) {
        const number = rest.match(/^\d+(\.\d+)?/);
        rest = number ? rest.slice(number[0].length) : rest;
        const unit = units
            .filter((one) => rest.startsWith(one.name.normalize("NFKC").replace(/\s/g, "")))
            .sort((a, b) => b.name.length - a.name.length)[0];
        if (!number || !unit) {
            return null;
        }
        quantity += Number(number[0]) * unit.factor;
        rest = rest.slice(unit.name.normalize("NFKC").replace(/\s/g, "").length);
    }
    return plain ? round(quantity) : null;
}
