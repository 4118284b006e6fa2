/**
 * Quantities in several units at once, as tools/compound.py reads and writes them.
 *
 * Both are proven on the same cases (static/tests/compound_cases.js). Numbers are exact:
 * whole numbers of the smallest decimal, never binary floating point.
 */

const NUMBER = /(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)/y;
const NUMBER_ALONE = /^(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)$/;
const MOST_CHARACTERS = 200;

export class CompoundError extends Error {
    /**
     * @param {string} reason see CompoundError in tools/compound.py
     * @param {string} part the part of the text it is about
     */
    constructor(reason, part) {
        super(`${reason}: ${part}`);
        this.reason = reason;
        this.part = part;
    }
}

/** A decimal number without error: `whole` / 10 ** `places`. */
class Decimal {
    constructor(whole, places) {
        this.whole = whole;
        this.places = places;
    }

    static from(text) {
        const [, sign, digits, fraction = "", exponent = "0"] =
            /^([+-]?)([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?$/.exec(String(text));
        const shift = Number(exponent) - fraction.length;
        const whole = BigInt(`${sign}${digits}${fraction}` || "0");
        return shift > 0
            ? new Decimal(whole * 10n ** BigInt(shift), 0)
            : new Decimal(whole, -shift);
    }

    /** The number in units of 10 ** -places; never fewer places than it has. */
    at(places) {
        return this.whole * 10n ** BigInt(places - this.places);
    }

    plus(other) {
        const places = Math.max(this.places, other.places);
        return new Decimal(this.at(places) + other.at(places), places);
    }

    times(other) {
        return new Decimal(this.whole * other.whole, this.places + other.places);
    }

    /** Whole number of 10 ** -digits, null when it needs more digits. */
    exactAt(digits) {
        if (this.places <= digits) {
            return this.at(digits);
        }
        const step = 10n ** BigInt(this.places - digits);
        return this.whole % step === 0n ? this.whole / step : null;
    }

    /** Whole number of 10 ** -digits, rounded half up. */
    roundedAt(digits) {
        if (this.places <= digits) {
            return this.at(digits);
        }
        const step = 10n ** BigInt(this.places - digits);
        const magnitude = this.whole < 0n ? -this.whole : this.whole;
        const rounded = (2n * magnitude + step) / (2n * step);
        return this.whole < 0n ? -rounded : rounded;
    }
}

/** Shortest plain notation of `whole` / 10 ** `places`. */
function numberText(whole, places) {
    const sign = whole < 0n ? "-" : "";
    const digits = String(whole < 0n ? -whole : whole).padStart(places + 1, "0");
    if (!places) {
        return sign + digits;
    }
    const cut = digits.length - places;
    const fraction = digits.slice(cut).replace(/0+$/, "");
    return sign + digits.slice(0, cut) + (fraction && `.${fraction}`);
}

export function normalize(text) {
    return text
        .normalize("NFKC")
        .replace(/[−–—负負]/g, "-")
        .toLowerCase()
        .split(/\s+/)
        .filter(Boolean)
        .join(" ");
}

function isAscii(character) {
    return character !== undefined && character.codePointAt(0) < 128;
}

function withUnit(number, name) {
    return `${number}${isAscii(name[0]) ? " " : ""}${name}`;
}

function skipSpaces(text, start) {
    while (text[start] === " ") {
        start++;
    }
    return start;
}

export class Compound {
    /**
     * @param {Object} spec as `product.template._jxc_unit_spec` answers:
     *  base: name of the base unit, aliases: its other names, digits: decimals of base
     *  quantities, units: [{name, factor (as text), in_compound}]
     */
    constructor({ base, aliases = [], digits, units = [] }) {
        this.base = base;
        this.digits = digits;
        const all = units.map((unit) => ({
            ...unit,
            factor: Decimal.from(unit.factor),
        }));
        const factorText = (unit) => numberText(unit.factor.whole, unit.factor.places);
        const labelOf = (unit) => `${unit.name}(${withUnit(factorText(unit), base)})`;
        const baseKeys = new Set([base, ...aliases].map(normalize));
        const taken = {};
        for (const unit of all) {
            const key = normalize(unit.name);
            taken[key] = (taken[key] || 0) + 1;
        }
        const one = Decimal.from("1");
        for (const unit of all) {
            const key = normalize(unit.name);
            unit.label =
                taken[key] > 1 || baseKeys.has(key) ? labelOf(unit) : unit.name;
        }
        const places = Math.max(0, ...all.map((unit) => unit.factor.places));
        const compare = (a, b) => {
            const difference = a.factor.at(places) - b.factor.at(places);
            return difference < 0n ? -1 : difference > 0n ? 1 : 0;
        };
        this.chain = all
            .filter((unit) => unit.in_compound && compare(unit, { factor: one }) > 0)
            .sort((a, b) => compare(b, a));
        // Names to factors: a name that stands for several is no quantity alone.
        this.factors = new Map(
            [...baseKeys].map((key) => [key, new Map([["1", one]])])
        );
        for (const unit of all) {
            for (const name of [unit.name, labelOf(unit)]) {
                const key = normalize(name);
                if (!this.factors.has(key)) {
                    this.factors.set(key, new Map());
                }
                this.factors.get(key).set(factorText(unit), unit.factor);
            }
        }
    }

    /** Whether quantities look different from plain base quantities. */
    get hasUnits() {
        return this.chain.length > 0;
    }

    /**
     * @param {number|string} quantity in base units
     * @returns {string} "3箱5瓶"
     */
    format(quantity) {
        const digits = Math.max(
            this.digits,
            ...this.chain.map((unit) => unit.factor.places)
        );
        let rest = Decimal.from(quantity).roundedAt(this.digits);
        rest *= 10n ** BigInt(digits - this.digits);
        const sign = rest < 0n ? "-" : "";
        rest = rest < 0n ? -rest : rest;
        const parts = [];
        for (const unit of this.chain) {
            const content = unit.factor.at(digits);
            const count = rest / content;
            rest %= content;
            if (count) {
                parts.push(withUnit(count, unit.label));
            }
        }
        if (rest || !parts.length) {
            parts.push(withUnit(numberText(rest, digits), this.base));
        }
        return (
            sign +
            parts.reduce(
                (text, part) => text + (isAscii(text.at(-1)) ? " " : "") + part
            )
        );
    }

    /**
     * @param {string} text "3箱5瓶", "-3 箱", "1.5箱" or a plain number of base units
     * @returns {string} the quantity in base units, a plain decimal number
     * @throws {CompoundError} unless the text has exactly one reading
     */
    parse(text) {
        const normal = normalize(text);
        if (!normal || normal.length > MOST_CHARACTERS) {
            throw new CompoundError("syntax", normal.slice(0, 20));
        }
        const negative = normal.startsWith("-");
        const body = /^[-+]/.test(normal) ? normal.slice(1).trimStart() : normal;
        if (!body) {
            throw new CompoundError("syntax", normal);
        }
        const total = NUMBER_ALONE.test(body) ? Decimal.from(body) : this._total(body);
        const amount = total.exactAt(this.digits);
        if (amount === null) {
            throw new CompoundError("precision", text.trim());
        }
        return numberText(negative ? -amount : amount, this.digits);
    }

    _total(text) {
        const trouble = [[-1, "syntax", text]];
        const totals = new Map();
        for (const reading of this._readings(text, 0, trouble)) {
            const names = reading.map(([, name]) => name);
            if (new Set(names).size < names.length) {
                trouble.push([text.length, "repeated", text]);
                continue;
            }
            if (names.some((name) => this.factors.get(name).size > 1)) {
                throw new CompoundError("ambiguous", text);
            }
            const total = reading
                .map(([number, name]) =>
                    Decimal.from(number).times([...this.factors.get(name).values()][0])
                )
                .reduce((sum, part) => sum.plus(part));
            totals.set(numberText(total.whole, total.places), total);
        }
        if (totals.size > 1) {
            throw new CompoundError("ambiguous", text);
        }
        if (!totals.size) {
            const [, reason, part] = trouble.reduce((worst, place) =>
                place[0] > worst[0] ? place : worst
            );
            throw new CompoundError(reason, part);
        }
        return [...totals.values()][0];
    }

    *_readings(text, start, trouble) {
        if (start === text.length) {
            yield [];
            return;
        }
        NUMBER.lastIndex = start;
        const match = NUMBER.exec(text);
        if (!match) {
            trouble.push([start, "syntax", text.slice(start)]);
            return;
        }
        const number = match[0];
        const begin = skipSpaces(text, start + number.length);
        const names = [...this.factors.keys()].filter((name) =>
            text.startsWith(name, begin)
        );
        if (
            begin === text.length ||
            (/^\p{Nd}/u.test(text.slice(begin)) && !names.length)
        ) {
            trouble.push([start, "unit_missing", number]);
        } else if (!names.length) {
            const unknown = /^[^0-9\s]*/.exec(text.slice(begin))[0];
            trouble.push([begin, "unknown", unknown || text.slice(begin)]);
        }
        for (const name of names) {
            const end = skipSpaces(text, begin + name.length);
            for (const rest of this._readings(text, end, trouble)) {
                yield [[number, name], ...rest];
            }
        }
    }
}

/**
 * A quantity in another unit, where it is exact there.
 *
 * @param {string} quantity in base units
 * @param {string} factor base units in one of the other unit
 * @param {number} digits decimals that quantities are kept with
 * @returns {string|null} null when it would have to be rounded
 */
export function inUnit(quantity, factor, digits) {
    const base = Decimal.from(quantity);
    const content = Decimal.from(factor);
    const places = Math.max(base.places, content.places);
    const dividend = base.at(places) * 10n ** BigInt(digits);
    const divisor = content.at(places);
    return dividend % divisor === 0n ? numberText(dividend / divisor, digits) : null;
}

/** The quantity in base units that a quantity in another unit is; exact. */
export function inBase(quantity, factor) {
    const product = Decimal.from(quantity).times(Decimal.from(factor));
    return numberText(product.whole, product.places);
}
