// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
/** Part of the point of sale, where that app is installed; our addon does not need it. */

import { PosOrderline } from "@point_of_sale/app/models/pos_order_line";
import { patch } from "@web/core/utils/patch";

/** A record as it is, but for some values. */
function as(record, values) {
    const descriptors = Object.entries(values).map(([name, value]) => [
        name,
        { value },
    ]);
    return Object.create(record, Object.fromEntries(descriptors));
}

/**
 * A scanned box costs what a box costs.
 *
 * Lines of the till count base units, so the price of the unit is spread over what it
 * holds, before pricelists. That holds as long as the line is a whole number of boxes;
 * a price that is typed stands.
 */
patch(PosOrderline.prototype, {
    setOptions(options) {
        const scanned =
            options.code &&
            this.models["product.uom"].getBy("barcode", options.code.code);
        if (scanned?._jxc_price) {
            this.uiState.jxcUnit = {
                id: scanned.id,
                holds:
                    scanned.uom_id.factor /
                    this.product_id.product_tmpl_id.uom_id.factor,
                price: scanned._jxc_price,
            };
        }
        super.setOptions(options);
    },

    setUnitPrice(price) {
        super.setUnitPrice(price);
        if (this.price_type === "original" && this.jxcWholeUnits()) {
            // Not rounded: 12 pieces of a box of 100 are 100, not 99.96.
            this.price_unit = this.jxcUnitPrice();
        }
    },

    canBeMergedWith(line) {
        if (this.uiState.jxcUnit?.id !== line.uiState.jxcUnit?.id) {
            return false;
        }
        if (!this.uiState.jxcUnit || !this.jxcWholeUnits() || !line.jxcWholeUnits()) {
            return super.canBeMergedWith(line);
        }
        // The platform compares with the price of a single piece.
        const price = this.jxcPriceOf(this.product_id) + line.getPriceExtra();
        return super.canBeMergedWith.call(as(this, { price_unit: price }), line);
    },

    jxcWholeUnits() {
        const unit = this.uiState?.jxcUnit;
        return Boolean(unit && this.qty) && Number.isInteger(this.qty / unit.holds);
    },

    jxcUnitPrice() {
        const { price, holds } = this.uiState.jxcUnit;
        return this.jxcPriceOf(
            as(this.product_id, { lst_price: price / holds }),
            this.getPriceExtra()
        );
    },

    jxcPriceOf(product, extra = 0) {
        const pricelist = this.order_id.pricelist_id;
        const template = this.product_id.product_tmpl_id;
        return template.getPrice(pricelist, this.getQuantity(), extra, false, product);
    },
});
