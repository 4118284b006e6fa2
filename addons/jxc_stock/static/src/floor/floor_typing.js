// Milliseconds between two keys of a scanner, and how short its codes may be: as the
// barcode service of the platform has it.
const FAST = 50;
const SHORTEST = 3;
// Nobody handles as much as a code for goods would mean as a number.
const CODE = /^[0-9]{8,}$/;

/** Tells a scanner that types into a field from a person who does. */
export class FloorTyping {
    constructor() {
        this.keys = "";
        this.last = -Infinity;
        this.before = "";
    }

    /**
     * A key goes down in the field.
     *
     * @param {KeyboardEvent} event
     * @returns {{code: string, before: string|null}|null} for the last key of a scanner:
     *     its code, and what was in the field before, if that is known
     */
    press(event) {
        const { key, repeat, timeStamp } = event;
        const text = event.target.value;
        if (repeat || timeStamp - this.last > FAST) {
            this.keys = "";
            this.before = text;
        }
        this.last = timeStamp;
        if (key === "Enter") {
            const { keys, before } = this;
            // What comes next is another code, however soon.
            Object.assign(this, { keys: "", last: -Infinity });
            if (keys.length >= SHORTEST) {
                return { code: keys, before };
            }
            // Some scanners hand their code over in one piece.
            return CODE.test(text.trim()) ? { code: text.trim(), before: null } : null;
        }
        this.keys = key.length === 1 && !repeat ? this.keys + key : this.keys;
        return null;
    }
}
