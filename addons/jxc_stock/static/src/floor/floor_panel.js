import { _t } from "@web/core/l10n/translation";
import { formatQuantity, parseNumber, parseQuantity } from "./floor_quantity";

/** The quantity that is being entered: of a line, or of a code that was scanned. */
export class FloorPanel {
    /**
     * @param {Object} given
     * @param {string} given.name
     * @param {Object} [given.line] what is known of the goods; a code that could not be
     *     looked up has none
     * @param {string} [given.barcode] the code that was scanned for a count
     * @param {string} [given.text] the quantity to begin with
     * @param {string} [given.lot]
     * @param {string} [given.aux] the quantity in the auxiliary unit
     * @param {string} [given.reason] why it is off the ratio
     * @param {Object} [given.place] where, for an entry that is there already
     * @param {boolean} [given.scanned] opened by a scan, which must not get lost
     */
    constructor({ name, line, barcode, place, text = "", ...rest }) {
        const { lot = "", aux = "", reason = "", scanned = false } = rest;
        Object.assign(this, { name, line, barcode, text, lot, place, scanned });
        Object.assign(this, { aux, reason, before: { text, aux, reason } });
    }

    get units() {
        return this.line?.units;
    }

    get needsLot() {
        return Boolean(this.line) && this.line.tracking !== "none";
    }

    /** Opened by hand, and nothing has been entered yet. */
    get isUntouched() {
        const { text, aux, reason } = this.before;
        const same = this.text === text && this.aux === aux && this.reason === reason;
        return !this.scanned && same && !this.lot;
    }

    /** In the base unit, null for a text that is no quantity. */
    get quantity() {
        return parseQuantity(this.text, this.line.spec);
    }

    /** Why this cannot be taken as it is, "" when it can. */
    get problem() {
        if (!this.line) {
            return ""; // The server will judge it.
        }
        if (this.quantity === null || this.quantity < 0) {
            return _t("“%s” is not a quantity.", this.text);
        }
        if (this.aux.trim() && !(parseNumber(this.aux) > 0)) {
            return _t("“%s” is not a quantity.", this.aux);
        }
        if (this.needsLot && !this.lot.trim()) {
            return _t("%s: enter the lot or serial number.", this.name);
        }
        return "";
    }

    /** What is said beside the quantity. */
    get details() {
        const aux = this.aux.trim() ? parseNumber(this.aux) : 0;
        return { aux, reason: aux ? this.reason.trim() : "" };
    }

    /** Add to what is there. Return whether that was possible. */
    add(quantity) {
        const before = this.text.trim() ? this.quantity : 0;
        if (before === null) {
            return false;
        }
        this.text = formatQuantity(before + quantity, this.line.spec);
        return true;
    }

    /**
     * A code that is scanned meanwhile may be about this quantity.
     *
     * @param {string} code
     * @param {boolean} isGoods whether it is known as a code of goods
     * @returns {boolean} whether it was, and is entered now
     */
    take(code, isGoods) {
        if (!this.line) {
            return false;
        }
        if (code in this.line.barcodes) {
            return this.add(this.line.barcodes[code]);
        }
        if (this.needsLot && !this.lot.trim() && !isGoods) {
            this.lot = code;
            return true;
        }
        return false;
    }
}
