import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { FloatField, floatField } from "@web/views/fields/float/float_field";
import { CountedQuantityWidgetField } from "@stock/widgets/counted_quantity_widget";

import { useState } from "@odoo/owl";

import { Compound, CompoundError, inBase, inUnit, normalize } from "./compound";

const SPEC_FIELD = "jxc_unit_spec";
// Lines of such documents keep their unit.
const CLOSED_STATES = ["purchase", "done", "cancel"];
const PLAIN = /^[=0-9.,+\-*/()\s'’]*$/;

/**
 * What a quantity field needs to take and to show "3箱5瓶".
 *
 * A plain number stays what it is everywhere: a number of the unit of the line. A text
 * with units is the quantity it says; when the unit of the line cannot hold it exactly,
 * the line changes to the base unit, or the entry is refused where it may not.
 */
export const compoundQuantity = (Field) =>
    class extends Field {
        static template = "jxc_stock.CompoundQtyField";
        static props = {
            ...Field.props,
            uomField: { type: String, optional: true },
            switchUom: { type: Boolean, optional: true },
        };

        setup() {
            super.setup();
            this.entry = useState({ text: null });
        }

        get compound() {
            const spec = this.props.record.data[SPEC_FIELD];
            if (!spec) {
                return null;
            }
            if (this._spec !== spec) {
                this._spec = spec;
                this._compound = new Compound(spec);
            }
            return this._compound;
        }

        /** Base units in one unit of the line, "1" when it has no unit of its own. */
        get lineFactor() {
            const spec = this.props.record.data[SPEC_FIELD];
            const uom =
                this.props.uomField && this.props.record.data[this.props.uomField];
            return (uom && spec.factors[uom.id]) || "1";
        }

        get maySwitchUom() {
            const { product_uom_readonly, state } = this.props.record.data;
            return (
                this.props.switchUom &&
                !product_uom_readonly &&
                !CLOSED_STATES.includes(state)
            );
        }

        parse(value) {
            const compound = this.compound;
            if (!compound || PLAIN.test(normalize(value))) {
                return super.parse(value);
            }
            const base = compound.parse(value);
            const quantity = inUnit(base, this.lineFactor, compound.digits);
            if (quantity !== null) {
                return Number(quantity);
            }
            if (!this.maySwitchUom) {
                throw new CompoundError("inexact", value);
            }
            const spec = this.props.record.data[SPEC_FIELD];
            this.props.record.update({
                [this.props.uomField]: { id: spec.uom_id, display_name: spec.base },
            });
            return Number(base);
        }

        onInputText(ev) {
            this.entry.text = ev.target.value;
        }

        /** From here on the field shows the number, or marks what is none. */
        onEntered() {
            if (!this.hint?.invalid) {
                this.entry.text = null;
            }
        }

        onFocusOut() {
            super.onFocusOut();
            this.entry.text = null;
        }

        /** What stands below the input: {text, invalid}, null for nothing. */
        get hint() {
            const compound = this.compound;
            if (!compound) {
                return null;
            }
            try {
                return this._hint(compound);
            } catch (error) {
                return { text: this._problem(error), invalid: true };
            }
        }

        _hint(compound) {
            const text = this.entry.text;
            let base;
            if (text !== null && !PLAIN.test(normalize(text))) {
                base = compound.parse(text);
                if (
                    !this.maySwitchUom &&
                    inUnit(base, this.lineFactor, compound.digits) === null
                ) {
                    throw new CompoundError("inexact", text);
                }
                return { text: `= ${base} ${compound.base}` };
            }
            let quantity = this.value;
            if (text !== null) {
                try {
                    quantity = super.parse(text);
                } catch {
                    return null; // The field itself marks what is no number.
                }
            }
            if (!quantity || !compound.hasUnits) {
                return null;
            }
            base = inBase(quantity, this.lineFactor);
            return { text: compound.format(base) };
        }

        _problem(error) {
            switch (error.reason) {
                case "unknown":
                    return _t("“%s” is no unit of this product", error.part);
                case "unit_missing":
                    return _t("Write the unit of %s", error.part);
                case "repeated":
                    return _t("A unit is there twice");
                case "ambiguous":
                    return _t("It can be read in several ways");
                case "precision":
                    return _t("Too many decimals");
                case "inexact":
                    return _t("Not exact in the unit of this line");
                case "syntax":
                    return _t("A number is expected at “%s”", error.part);
            }
            throw error;
        }
    };

export class CompoundQtyField extends compoundQuantity(FloatField) {}

export const compoundQtyField = {
    ...floatField,
    component: CompoundQtyField,
    displayName: _t("Quantity in Units"),
    supportedOptions: [
        ...floatField.supportedOptions,
        {
            label: _t("Unit field"),
            name: "uom_field",
            type: "field",
            availableTypes: ["many2one"],
        },
        {
            label: _t("Change to the base unit when needed"),
            name: "switch_uom",
            type: "boolean",
        },
    ],
    supportedTypes: ["float"],
    fieldDependencies: [{ name: SPEC_FIELD, type: "json", readonly: true }],
    extractProps: (fieldInfo, dynamicInfo) => ({
        ...floatField.extractProps(fieldInfo, dynamicInfo),
        uomField: fieldInfo.options.uom_field,
        switchUom: Boolean(fieldInfo.options.switch_uom),
    }),
};
registry.category("fields").add("jxc_compound_qty", compoundQtyField);

/** Counted stock: always in the base unit. */
export class CountedCompoundQtyField extends compoundQuantity(
    CountedQuantityWidgetField
) {}

export const countedCompoundQtyField = {
    ...compoundQtyField,
    component: CountedCompoundQtyField,
};
registry.category("fields").add("jxc_counted_compound_qty", countedCompoundQtyField);
