import { describe, expect, test } from "@odoo/hoot";
import { Compound, CompoundError, inBase, inUnit } from "@jxc_stock/compound/compound";

import { CASES } from "./compound_cases";

describe.current.tags("headless");

const compounds = Object.fromEntries(
    Object.entries(CASES.specs).map(([name, spec]) => [name, new Compound(spec)])
);

function parse(name, text) {
    try {
        return { value: compounds[name].parse(text) };
    } catch (error) {
        if (error instanceof CompoundError) {
            return { reason: error.reason };
        }
        throw error;
    }
}

test("texts are read as on the server", () => {
    expect(CASES.parse.length).toBeGreaterThan(300);
    for (const [name, text, expected] of CASES.parse) {
        expect(parse(name, text)).toEqual(expected, { message: `${name}: ${text}` });
    }
});

test("quantities are written as on the server", () => {
    expect(CASES.format.length).toBeGreaterThan(100);
    for (const [name, quantity, expected] of CASES.format) {
        expect(compounds[name].format(quantity)).toBe(expected, {
            message: `${name}: ${quantity}`,
        });
    }
});

test("quantities in other units are exact or not there", () => {
    expect(inUnit("41", "12", 2)).toBe(null);
    expect(inUnit("42", "12", 2)).toBe("3.5");
    expect(inUnit("-24", "12", 0)).toBe("-2");
    expect(inBase(3.5, "12")).toBe("42");
    expect(inBase("0.1", "0.2")).toBe("0.02");
});
