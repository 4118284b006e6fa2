import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/views/fields/formatters";
import { parseFloat } from "@web/views/fields/parsers";
import { Component, onWillStart, useState } from "@odoo/owl";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const MODEL = "purchase.order";

/** 比价表: products as rows, vendors as columns; awards each product, whole or split. */
export class TenderComparison extends Component {
    static template = "jxc_purchase.TenderComparison";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.orderId = this.props.action.context.active_id;
        this.state = useState({
            data: { orders: [], rows: [] },
            chosen: {},
            reasons: {},
            busy: false,
        });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.orm.call(MODEL, "jxc_tender_data", [this.orderId]);
        this.state.chosen = {};
        this.state.reasons = {};
        for (const row of this.state.data.rows) {
            for (const order of this.state.data.orders) {
                const quote = row.quotes[order.id];
                if (quote?.awarded) {
                    this.state.chosen[quote.line_id] = this.number(quote.awarded);
                    this.state.reasons[row.key] ||= quote.reason;
                }
            }
        }
    }

    // ------------------------------------------------------------
    // What is shown
    // ------------------------------------------------------------

    number(value) {
        return formatFloat(value, { digits: [0, 6], trailingZeros: false });
    }

    price(value) {
        const digits = this.state.data.digits;
        return formatFloat(value, { digits: [0, digits] });
    }

    quote(row, order) {
        const quote = row.quotes[order.id];
        return quote?.price && quote.is_quoted ? quote : null;
    }

    canAward(quote) {
        return this.state.data.can_award && quote.is_open;
    }

    isChosen(quote) {
        return this.amount(quote) > 0;
    }

    amount(quote) {
        const text = this.state.chosen[quote.line_id];
        if (!text) {
            return 0;
        }
        try {
            return parseFloat(text);
        } catch {
            return NaN;
        }
    }

    /** Whether somebody else than the cheapest vendor gets some of a product. */
    needsReason(row) {
        return this.state.data.orders.some((order) => {
            const quote = this.quote(row, order);
            return quote && !quote.is_cheapest && this.isChosen(quote);
        });
    }

    get canConfirm() {
        return this.state.data.rows.some((row) =>
            this.state.data.orders.some((order) => {
                const quote = this.quote(row, order);
                return quote?.is_open && quote.awarded;
            })
        );
    }

    // ------------------------------------------------------------
    // What people do
    // ------------------------------------------------------------

    /** Give all of a product to one vendor. */
    choose(row, quote) {
        for (const order of this.state.data.orders) {
            const other = this.quote(row, order);
            if (other && this.canAward(other)) {
                this.state.chosen[other.line_id] = "";
            }
        }
        this.state.chosen[quote.line_id] = this.number(quote.quantity);
    }

    chooseCheapest() {
        for (const row of this.state.data.rows) {
            const quotes = this.state.data.orders
                .map((order) => this.quote(row, order))
                .filter((quote) => quote?.is_cheapest && this.canAward(quote));
            if (quotes.length) {
                this.choose(row, quotes[0]);
            }
        }
    }

    async award() {
        const awards = [];
        for (const row of this.state.data.rows) {
            for (const order of this.state.data.orders) {
                const quote = this.quote(row, order);
                if (!quote || !this.canAward(quote)) {
                    continue;
                }
                const quantity = this.amount(quote);
                if (Number.isNaN(quantity)) {
                    const text = this.state.chosen[quote.line_id];
                    const message = _t("“%s” is not a number.", text);
                    this.notification.add(message, { type: "warning" });
                    return;
                }
                awards.push({
                    line_id: quote.line_id,
                    quantity,
                    reason: this.state.reasons[row.key] || "",
                });
            }
        }
        await this.run("action_jxc_award", [awards]);
        this.notification.add(_t("The award is on record."), { type: "success" });
    }

    async confirm() {
        const result = await this.run("action_jxc_confirm_awarded", []);
        if (result && typeof result === "object") {
            this.action.doAction(result);
        }
    }

    async run(method, args) {
        this.state.busy = true;
        try {
            const result = await this.orm.call(MODEL, method, [
                [this.orderId],
                ...args,
            ]);
            await this.load();
            return result;
        } finally {
            this.state.busy = false;
        }
    }

    async print() {
        const report = await this.orm.call(MODEL, "action_jxc_print_comparison", [
            [this.orderId],
        ]);
        this.action.doAction(report);
    }

    async exportXlsx() {
        const report = await this.orm.call(MODEL, "action_jxc_export_comparison", [
            [this.orderId],
        ]);
        this.action.doAction(report);
    }

    openOrder(order) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: MODEL,
            res_id: order.id,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("jxc_purchase.tender_comparison", TenderComparison);
