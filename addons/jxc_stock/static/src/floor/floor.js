import { _t } from "@web/core/l10n/translation";
import { scanBarcode } from "@web/core/barcode/barcode_dialog";
import { isBarcodeScannerSupported } from "@web/core/barcode/barcode_video_scanner";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { registry } from "@web/core/registry";
import { session } from "@web/session";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";
import { onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { FloorEntering } from "./floor_entering";
import { FloorLink } from "./floor_link";
import { readPhoto } from "./floor_photo";
import { formatQuantity } from "./floor_quantity";
import { FloorQueue } from "./floor_queue";
import { FloorStore } from "./floor_store";
import { FloorTyping } from "./floor_typing";
import { FloorWork } from "./floor_work";

const RETRY_SECONDS = 15;

/** 现场作业: receive, put away, pick, move, count and look up, with one hand. */
export class Floor extends FloorEntering {
    static template = "jxc_stock.Floor";
    static props = { ...standardActionServiceProps };

    setup() {
        this.dialog = useService("dialog");
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
            work: null,
            panel: null,
            found: null,
            busy: false,
            waiting: [],
            offline: false,
            sending: false,
        });
        this.turn = Promise.resolve();
        this.typing = new FloorTyping();
        this.store = new FloorStore(`${session.db}-${user.userId}`);
        this.link = new FloorLink(
            useService("orm"),
            this.store,
            this.state,
            (message) => this._warn(message)
        );
        this.queue = new FloorQueue(
            this.store,
            (one) => this.link.call("submit", [one.key, one.kind, one.payload]),
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
            this.mayRelease = await user.hasGroup("jxc_stock.group_stock_control");
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
        Object.assign(this.state, { kind, found: null, panel: null });
        if (kind === "look_up") {
            this.state.screen = "look_up";
        } else if (kind === "transfer") {
            await this._open({ id: 0, name: this.kinds.transfer.label, lines: [] });
        } else {
            this.state.documents =
                (await this.link.ask(`documents:${kind}`, "get_documents", [kind])) ||
                [];
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
                : await this.link.ask(`document:${document.id}`, "get_document", [
                      document.id,
                  ]);
        if (full) {
            await this._open(full);
        }
    }

    async _open(document) {
        const { kind } = this.state;
        const kept = await this.store.get(this._draftKey({ kind, document }));
        Object.assign(this.state, {
            work: new FloorWork(kind, document, kept),
            panel: null,
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

    _draftKey({ kind, document }) {
        return `draft:${kind}:${document.id}`;
    }

    /** Keep what was entered, whatever happens to this page. */
    _keep(work = this.state.work) {
        return this.store.set(this._draftKey(work), work);
    }

    // Codes ---------------------------------------------------------------------------

    async onType(event) {
        if (event.key === "Enter" && event.target.value.trim()) {
            const code = event.target.value;
            event.target.value = "";
            await this.onCode(code);
        }
    }

    /**
     * A scanner also types into the fields of a quantity.
     *
     * @param {KeyboardEvent} event
     * @param {"text"|"lot"} field
     */
    onPanelKey(event, field) {
        const scanned = this.typing.press(event);
        if (scanned) {
            const { panel } = this.state;
            panel[field] =
                scanned.before ?? (field === "text" ? panel.before.text : "");
            event.target.value = panel[field];
            this.onCode(scanned.code);
        } else if (event.key === "Enter") {
            this.confirmPanel();
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
        const { panel, screen, work } = this.state;
        if (panel?.take(code, Boolean(work.lineOf(code)))) {
            // Before the screen shows it, the next code may be typed behind it.
            this.quantity.el.value = panel.text;
            return;
        }
        if (!this._leavePanel()) {
            return;
        }
        if (screen !== "work") {
            await this._lookUp(code);
        } else if (work.kind === "count") {
            await this._scanCount(code);
        } else {
            await this._scanWork(code);
        }
    }

    async _lookUp(code) {
        const found = await this.link.ask(`code:${code}`, "look_up", [code]);
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

    /** A count takes what is there: places and goods, in the order they are scanned. */
    async _scanCount(code) {
        const { work } = this.state;
        const found = await this.link.ask(
            `count:${work.document.id}:${code}`,
            "read_code",
            [work.document.id, code],
            { needed: false }
        );
        if (found?.type === "location") {
            work.note({ barcode: code, name: found.name, text: "" });
            this._keep(work);
        } else if (found) {
            const text = formatQuantity(found.scan_qty, found.spec);
            this._openPanel({
                barcode: code,
                name: found.name,
                line: found,
                lot: found.lot,
                text,
                scanned: true,
            });
        } else if (found === undefined) {
            this._openPanel({ barcode: code, name: code, scanned: true });
        }
    }

    async _scanWork(code) {
        const { work } = this.state;
        const known = work.lineOf(code);
        if (known) {
            return this._addScan(known, known.barcodes[code], "");
        }
        const found = await this.link.ask(`code:${code}`, "look_up", [code]);
        if (found?.type === "location") {
            work.setPlace(found);
            return this._keep(work);
        }
        if (found?.type !== "goods") {
            return found && this._warn(_t("Scan goods or places here."));
        }
        let line = work.lines.find((one) => one.product_id === found.id);
        if (!line && work.kind === "transfer") {
            line = found;
            work.lines.push(found);
        }
        if (!line) {
            return this._warn(
                _t("%(name)s is not part of %(document)s.", {
                    name: found.name,
                    document: work.document.name,
                })
            );
        }
        return this._addScan(line, found.scan_qty, found.lot);
    }

    _addScan(line, quantity, lot) {
        if (line.aux || (line.tracking !== "none" && !lot)) {
            const text = formatQuantity(quantity, line.spec);
            return this._openPanel({ line, name: line.name, text, lot, scanned: true });
        }
        this.state.work.add(line, quantity, lot);
        return this._keep();
    }

    // Photos -------------------------------------------------------------------------------

    async onPhotos(event) {
        const { work } = this.state;
        const files = [...event.target.files];
        event.target.value = "";
        try {
            for (const file of files) {
                work.photos.push(await readPhoto(file));
            }
        } catch {
            this._warn(_t("This is no photo that can be read."));
        }
        this._keep(work);
    }

    // Sending ----------------------------------------------------------------------------

    submit() {
        return this._inTurn(() => this._submit());
    }

    async _submit() {
        const { work } = this.state;
        if (this.state.screen !== "work" || !work.ready) {
            return;
        }
        // Stored first, then it may take its time to be sent.
        const { kind, document, payload } = work;
        await this.queue.add({ kind, label: document.name, payload });
        await this.store.remove(this._draftKey(work));
        this.state.screen = "home";
        this.queue.flush();
    }

    /** What was entered on the floor is not lost by one wrong touch. */
    discard(operation) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Discard"),
            body: _t(
                "%(kind)s, %(document)s: what was entered is deleted from this device.",
                {
                    kind: this.kinds[operation.kind].label,
                    document: operation.label,
                }
            ),
            confirmLabel: _t("Discard"),
            confirm: () => this.queue.discard(operation),
            cancel: () => {},
        });
    }
}

registry.category("actions").add("jxc_stock.floor", Floor);
