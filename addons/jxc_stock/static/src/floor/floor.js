import { _t } from "@web/core/l10n/translation";
import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { session } from "@web/session";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";
import {
    Component,
    onWillStart,
    onWillUnmount,
    useEffect,
    useRef,
    useState,
} from "@odoo/owl";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { readPhoto } from "./floor_photo";
import { formatQuantity, parseQuantity } from "./floor_quantity";
import { FloorQueue } from "./floor_queue";
import { FloorStore } from "./floor_store";

const MODEL = "jxc.floor.operation";
const RETRY_SECONDS = 15;
const NEW_WORK = () => ({ entries: [], photos: [], source: null, dest: null });

/** 现场作业: receive, put away, pick, move, count and look up, with one hand. */
export class Floor extends Component {
    static template = "jxc_stock.Floor";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.code = useRef("code");
        this.quantity = useRef("quantity");
        this.camera = isBarcodeScannerSupported();
        this.kinds = {
            receive: { label: _t("Receive"), icon: "fa-sign-in" },
            put_away: { label: _t("Put Away"), icon: "fa-archive" },
            pick: { label: _t("Pick"), icon: "fa-shopping-basket" },
            transfer: { label: _t("Transfer"), icon: "fa-exchange" },
            count: { label: _t("Count"), icon: "fa-calculator" },
            look_up: { label: _t("Look Up"), icon: "fa-search" },
        };
        this.state = useState({
            screen: "home",
            kind: null,
            documents: [],
            document: null,
            work: NEW_WORK(),
            panel: null,
            found: null,
            busy: false,
            waiting: [],
            offline: false,
            sending: false,
        });
        this.turn = Promise.resolve();
        this.store = new FloorStore(`${session.db}-${user.userId}`);
        this.queue = new FloorQueue(
            this.store,
            (one) => this._call("submit", [one.key, one.kind, one.payload]),
            this.state,
            (one, result) =>
                this.notification.add(_t("Done: %s", result.message || one.label), {
                    type: "success",
                })
        );
        useBus(useService("barcode").bus, "barcode_scanned", (event) =>
            this.onCode(event.detail.barcode)
        );
        useEffect(
            (panel) => panel && this.quantity.el?.select(),
            () => [this.state.panel]
        );
        const flush = () => this.queue.flush();
        onWillStart(async () => {
            if (!(await user.hasGroup("stock.group_stock_user"))) {
                this.kinds = { count: this.kinds.count };
            }
            await this.queue.load();
            flush();
        });
        window.addEventListener("online", flush);
        const timer = setInterval(flush, RETRY_SECONDS * 1000);
        onWillUnmount(() => {
            window.removeEventListener("online", flush);
            clearInterval(timer);
        });
    }

    async _call(method, args) {
        const result = await this.orm.silent.call(MODEL, method, args);
        this.state.offline = false;
        return result;
    }

    /** Ask the server; without a connection, use what it said before. */
    async _ask(key, method, args) {
        this.state.busy = true;
        try {
            const answer = await this._call(method, args);
            await this.store.set(`seen:${key}`, answer);
            return answer;
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                this._warn(error.data?.message || error.message);
                return null;
            }
            this.state.offline = true;
            const seen = await this.store.get(`seen:${key}`);
            if (!seen) {
                this._warn(
                    _t("No connection, and not looked at before on this device.")
                );
            }
            return seen;
        } finally {
            this.state.busy = false;
        }
    }

    _warn(message) {
        navigator.vibrate?.(200);
        this.notification.add(message, { type: "danger" });
    }

    /** A scanner does not look at the screen: what comes meanwhile waits its turn. */
    _inTurn(act) {
        const done = this.turn.then(act);
        this.turn = done.catch(() => {});
        return done;
    }

    // Ways through the screens --------------------------------------------------------

    start(kind) {
        return this._inTurn(() => this._start(kind));
    }

    async _start(kind) {
        Object.assign(this.state, { kind, document: null, found: null });
        if (kind === "look_up") {
            this.state.screen = "look_up";
        } else if (kind === "transfer") {
            await this._open({ id: 0, name: this.kinds.transfer.label, lines: [] });
        } else {
            this.state.documents =
                (await this._ask(`documents:${kind}`, "get_documents", [kind])) || [];
            this.state.screen = "documents";
        }
    }

    openDocument(document) {
        return this._inTurn(() => this._openDocument(document));
    }

    async _openDocument(document) {
        const full =
            this.state.kind === "count"
                ? { ...document, lines: [] }
                : await this._ask(`document:${document.id}`, "get_document", [
                      document.id,
                  ]);
        if (full) {
            await this._open(full);
        }
    }

    async _open(document) {
        const work = await this.store.get(this._draftKey(document));
        Object.assign(this.state, {
            document,
            work: work || NEW_WORK(),
            screen: "work",
        });
    }

    back() {
        if (this.state.panel) {
            this.state.panel = null;
        } else if (this.state.screen === "work" && this.state.kind !== "transfer") {
            this.start(this.state.kind);
        } else {
            this.state.screen = "home";
        }
    }

    _draftKey(document) {
        return `draft:${this.state.kind}:${document.id}`;
    }

    /** Keep what was entered, whatever happens to this page. */
    _keep() {
        return this.store.set(this._draftKey(this.state.document), this.state.work);
    }

    // Codes ---------------------------------------------------------------------------

    async onType(event) {
        if (event.key === "Enter" && event.target.value.trim()) {
            const code = event.target.value;
            event.target.value = "";
            await this.onCode(code);
        }
    }

    async onCamera() {
        try {
            await this.onCode(await scanBarcode(this.env));
        } catch (error) {
            this._warn(error.message);
        }
    }

    onCode(text) {
        const code = text.trim();
        return code && this._inTurn(() => this._readCode(code));
    }

    async _readCode(code) {
        if (this.state.screen !== "work") {
            await this._lookUp(code);
        } else if (this.state.kind === "count") {
            this._openPanel({ barcode: code, name: code, units: null, text: "" });
        } else {
            await this._scanWork(code);
        }
    }

    async _lookUp(code) {
        const found = await this._ask(`code:${code}`, "look_up", [code]);
        if (
            found?.type === "picking" &&
            found.kind &&
            this.state.screen !== "look_up"
        ) {
            this.state.kind = found.kind;
            await this._openDocument(found);
        } else if (found) {
            Object.assign(this.state, { found, kind: "look_up", screen: "look_up" });
        }
    }

    async _scanWork(code) {
        for (const line of this.state.document.lines) {
            if (code in line.barcodes) {
                return this._addScan(line, line.barcodes[code], "");
            }
        }
        const found = await this._ask(`code:${code}`, "look_up", [code]);
        if (found?.type === "location") {
            return this._setPlace(found);
        }
        if (found?.type !== "goods") {
            return found && this._warn(_t("Scan goods or places here."));
        }
        const { lines } = this.state.document;
        let line = lines.find((one) => one.product_id === found.id);
        if (!line && this.state.kind === "transfer") {
            line = found;
            lines.push(found);
        }
        if (!line) {
            return this._warn(
                _t("%(name)s is not part of %(document)s.", {
                    name: found.name,
                    document: this.state.document.name,
                })
            );
        }
        return this._addScan(line, found.scan_qty, found.lot);
    }

    _setPlace(place) {
        const { work, kind } = this.state;
        const chosen = { id: place.id, name: place.name };
        const first = kind === "transfer" ? !work.source : kind === "pick";
        work[first ? "source" : "dest"] = chosen;
        this._keep();
    }

    clearPlace(side) {
        this.state.work[side] = null;
        this._keep();
    }

    _addScan(line, quantity, lot) {
        if (line.tracking !== "none" && !lot) {
            return this.openLine(line);
        }
        const entry = this._entry(line, lot);
        const before = entry ? parseQuantity(entry.text, line.spec) : 0;
        this._write(line, formatQuantity(before + quantity, line.spec), lot);
    }

    // Quantities ------------------------------------------------------------------------

    _entry(line, lot = "") {
        return this.state.work.entries.find(
            (one) => one.product_id === line.product_id && one.lot === lot
        );
    }

    entriesOf(line) {
        return this.state.work.entries.filter(
            (one) => one.product_id === line.product_id
        );
    }

    openLine(line) {
        const entry = line.tracking === "none" && this._entry(line);
        this._openPanel({ line, name: line.name, text: entry?.text || "", lot: "" });
    }

    _openPanel(panel) {
        this.state.panel = { lot: "", units: panel.line?.units, ...panel };
    }

    addUnit(unit) {
        const { panel } = this.state;
        const before = parseQuantity(panel.text, panel.line.spec) || 0;
        panel.text = formatQuantity(before + unit.factor, panel.line.spec);
    }

    fillDemand() {
        this.state.panel.text = this.state.panel.line.demand;
    }

    confirmPanel() {
        const { panel, work } = this.state;
        if (panel.barcode) {
            work.entries.push({
                barcode: panel.barcode,
                name: panel.barcode,
                text: panel.text,
            });
        } else {
            const quantity = parseQuantity(panel.text, panel.line.spec);
            if (quantity === null || quantity < 0) {
                return this._warn(_t("“%s” is not a quantity.", panel.text));
            }
            if (panel.line.tracking !== "none" && !panel.lot.trim()) {
                return this._warn(_t("Enter the lot or serial number."));
            }
            this._write(panel.line, quantity ? panel.text : "", panel.lot.trim());
        }
        this.state.panel = null;
        this._keep();
    }

    _write(line, text, lot) {
        const { work } = this.state;
        const entry = this._entry(line, lot);
        if (entry && text) {
            entry.text = text;
        } else if (entry) {
            work.entries = work.entries.filter((one) => one !== entry);
        } else if (text) {
            work.entries.push({
                product_id: line.product_id,
                name: line.name,
                text,
                lot,
                source: work.source?.id,
                dest: work.dest?.id,
            });
        }
        this._keep();
    }

    removeEntry(entry) {
        this.state.work.entries = this.state.work.entries.filter(
            (one) => one !== entry
        );
        this._keep();
    }

    async onPhotos(event) {
        for (const file of event.target.files) {
            this.state.work.photos.push(await readPhoto(file));
        }
        event.target.value = "";
        this._keep();
    }

    // Sending ----------------------------------------------------------------------------

    get ready() {
        const { work, kind } = this.state;
        const placed = kind !== "transfer" || (work.source && work.dest);
        return Boolean(work.entries.length && placed);
    }

    async submit() {
        if (!this.ready || this.state.busy) {
            return;
        }
        this.state.busy = true;
        const { document, kind } = this.state;
        const operation = {
            key: crypto.randomUUID ? crypto.randomUUID() : this._randomKey(),
            kind,
            label: document.name,
            payload: this._payload(),
        };
        try {
            const sending = this.queue.add(operation);
            await this.store.remove(this._draftKey(document));
            Object.assign(this.state, { screen: "home", work: NEW_WORK() });
            await sending;
        } finally {
            this.state.busy = false;
        }
    }

    /** randomUUID exists on secure pages only. */
    _randomKey() {
        const bytes = crypto.getRandomValues(new Uint8Array(16));
        return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    }

    _payload() {
        const { work, kind, document } = this.state;
        if (kind === "count") {
            return {
                count_id: document.id,
                lines: work.entries.map((one) => ({
                    barcode: one.barcode,
                    quantity_text: one.text,
                })),
            };
        }
        const lines = work.entries.map((one) => ({
            product_id: one.product_id,
            quantity_text: one.text,
            lot_name: one.lot,
            ...(kind !== "transfer" && {
                location_id: one.source,
                location_dest_id: one.dest,
            }),
        }));
        if (kind === "transfer") {
            return {
                lines,
                photos: work.photos,
                location_id: work.source.id,
                location_dest_id: work.dest.id,
            };
        }
        return { lines, photos: work.photos, picking_id: document.id, finish: true };
    }
}

registry.category("actions").add("jxc_stock.floor", Floor);
