import { parseQuantity, formatQuantity } from "./floor_quantity";

/** What was handled of a document so far: entries, places and photos. */
export class FloorWork {
    /**
     * @param {string} kind
     * @param {Object} document as the server described it
     * @param {Object} [kept] what a device remembered of it, see toJSON
     */
    constructor(kind, document, kept = {}) {
        this.kind = kind;
        this.document = document;
        this.lines = kept.lines || document.lines;
        this.entries = kept.entries || [];
        this.photos = kept.photos || [];
        this.source = kept.source || null;
        this.dest = kept.dest || null;
        this.reason = kept.reason || "";
    }

    toJSON() {
        const { entries, photos, source, dest, reason } = this;
        // A move without a document has the lines that were scanned.
        const lines = this.kind === "transfer" ? { lines: this.lines } : {};
        return { entries, photos, source, dest, reason, ...lines };
    }

    /** Everything that has to be known to send it. */
    get ready() {
        const placed = this.kind !== "transfer" || (this.source && this.dest);
        const explained = !this.isRelease || this.reason.trim();
        return Boolean(this.entries.length && placed && explained);
    }

    /** Whether held goods become available, which takes a right and a reason. */
    get isRelease() {
        return this.kind === "transfer"
            ? Boolean(this.source?.held && this.dest && !this.dest.held)
            : Boolean(this.document.is_release);
    }

    // Places ----------------------------------------------------------------------------

    /** From here on goods come from or go to this place. */
    setPlace({ id, name, held = false }) {
        const first = this.kind === "transfer" ? !this.source : this.kind === "pick";
        this[first ? "source" : "dest"] = { id, name, held };
    }

    clearPlace(side) {
        this[side] = null;
    }

    /** Where the goods are that are entered now; a move has one place for all. */
    get place() {
        return this.kind === "transfer" ? null : this.source || this.dest;
    }

    // Entries ---------------------------------------------------------------------------

    lineOf(code) {
        return this.lines.find((line) => code in line.barcodes);
    }

    entriesOf(line) {
        return this.entries.filter((one) => one.product_id === line.product_id);
    }

    /** What was entered of a line, of a lot, in a place. */
    find(line, lot = "", place = this.place) {
        return this.entriesOf(line).find(
            (one) => one.lot === lot && (one.place?.id || null) === (place?.id || null)
        );
    }

    add(line, quantity, lot = "") {
        const before = parseQuantity(this.find(line, lot)?.text || "0", line.spec);
        this.write(line, formatQuantity(before + quantity, line.spec), lot);
    }

    /** Set what was handled; an empty text takes it back. */
    write(line, text, lot = "", place = this.place, details = {}) {
        const entry = this.find(line, lot, place);
        if (entry && text) {
            Object.assign(entry, { text, ...details });
        } else if (entry) {
            this.remove(entry);
        } else if (text) {
            this.entries.push({
                product_id: line.product_id,
                name: line.name,
                text,
                lot,
                place: place && { ...place },
                ...details,
            });
        }
    }

    /** Note what was scanned for a count, in the order of scanning. */
    note(entry) {
        this.entries.push(entry);
    }

    remove(entry) {
        this.entries = this.entries.filter((one) => one !== entry);
    }

    // Sending ---------------------------------------------------------------------------

    /** The message to the server, see jxc.floor.operation.submit. */
    get payload() {
        const lines = this.entries.map((one) => this._message(one));
        const why = this.isRelease && { release_reason: this.reason.trim() };
        switch (this.kind) {
            case "count":
                return { lines, photos: this.photos, count_id: this.document.id };
            case "transfer":
                return {
                    lines,
                    ...why,
                    photos: this.photos,
                    location_id: this.source.id,
                    location_dest_id: this.dest.id,
                };
        }
        return {
            lines,
            ...why,
            photos: this.photos,
            picking_id: this.document.id,
            finish: true,
        };
    }

    _message({ barcode, product_id, text, lot, place, aux, reason }) {
        const line = { quantity_text: text, lot_name: lot || "" };
        if (aux) {
            Object.assign(line, { aux_quantity: aux, aux_reason: reason });
        }
        if (this.kind === "count") {
            return { ...line, barcode };
        }
        const side = this.kind === "pick" ? "location_id" : "location_dest_id";
        return { ...line, product_id, ...(place && { [side]: place.id }) };
    }
}
