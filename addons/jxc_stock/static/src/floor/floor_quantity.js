import { Compound, CompoundError } from "../compound/compound";

/** Quantity of the base unit, or null for a text that is none. */
export function parseQuantity(text, spec) {
    try {
        return Number(new Compound(spec).parse(text));
    } catch (error) {
        if (error instanceof CompoundError) {
            return null;
        }
        throw error;
    }
}

export function formatQuantity(quantity, spec) {
    return new Compound(spec).format(quantity);
}

/** A plain number, also in full-width digits, or null. */
export function parseNumber(text) {
    return parseQuantity(text, { base: "", digits: 6 });
}
