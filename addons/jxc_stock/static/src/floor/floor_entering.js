import { Component } from "@odoo/owl";
import { FloorPanel } from "./floor_panel";

/** How a quantity is entered: the panel above the lines of a document. */
export class FloorEntering extends Component {
    openLine(line) {
        const { work } = this.state;
        let entry = line.tracking === "none" && work.find(line);
        if (!entry && line.tracking === "none" && work.entriesOf(line).length === 1) {
            [entry] = work.entriesOf(line);
        }
        const place = entry ? entry.place : work.place;
        const { text, reason, aux } = entry || {};
        this._openPanel({
            line,
            name: line.name,
            place,
            text,
            reason,
            aux: aux ? String(aux) : "",
        });
    }

    _openPanel(given) {
        if (this._leavePanel()) {
            this.state.panel = new FloorPanel({
                place: this.state.work.place,
                ...given,
            });
        }
    }

    /** Take what is being entered before something else begins. Return whether done. */
    _leavePanel() {
        const { panel } = this.state;
        if (!panel || panel.isUntouched) {
            this.state.panel = null;
            return true;
        }
        return this.confirmPanel();
    }

    addUnit(unit) {
        const { panel } = this.state;
        if (!panel.add(unit.factor)) {
            this._warn(panel.problem);
        }
    }

    fillDemand() {
        this.state.panel.text = this.state.panel.line.demand;
    }

    /** Return whether the quantity could be taken. */
    confirmPanel() {
        const { panel, work } = this.state;
        if (panel.problem) {
            this._warn(panel.problem);
            return false;
        }
        const { barcode, details, line, lot, name, place, text } = panel;
        if (barcode) {
            work.note({ barcode, name, text, lot: lot.trim(), ...details });
        } else {
            work.write(line, panel.quantity ? text : "", lot.trim(), place, details);
        }
        this.state.panel = null;
        this._keep(work);
        return true;
    }

    clearPlace(side) {
        this.state.work.clearPlace(side);
        this._keep();
    }

    removeEntry(entry) {
        this.state.work.remove(entry);
        this._keep();
    }
}
