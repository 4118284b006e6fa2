import { deserializeDate, deserializeDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";

const PAGE = 20;

/**
 * The customer at one glance: cards with what is so today, below them everything that
 * happened, page by page, of the kinds chosen. The server says what the user may see.
 */
export class CustomerOverview extends Component {
    static template = "jxc_crm_lite.CustomerOverview";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({
            cards: [],
            entries: [],
            kinds: [],
            chosen: [],
            next: false,
            busy: false,
        });
        onWillStart(() => this.load(this.props.record.resId));
        onWillUpdateProps(({ record }) => {
            if (record.resId !== this.resId) {
                return this.load(record.resId);
            }
        });
    }

    async load(resId) {
        this.resId = resId;
        Object.assign(this.state, { cards: [], entries: [], chosen: [], next: false });
        if (!resId) {
            return;
        }
        const [cards, page] = await Promise.all([
            this.orm.call("res.partner", "jxc_get_overview", [[resId]]),
            this.fetch(null),
        ]);
        this.state.cards = cards;
        this.show(page, false);
    }

    fetch(before) {
        return this.orm.call("res.partner", "jxc_get_timeline", [[this.resId]], {
            before,
            kinds: [...this.state.chosen],
            limit: PAGE,
        });
    }

    show({ entries, next, kinds }, further) {
        this.state.entries = further ? [...this.state.entries, ...entries] : entries;
        this.state.next = next;
        this.state.kinds = kinds;
    }

    async further() {
        this.state.busy = true;
        try {
            this.show(await this.fetch(this.state.next), true);
        } finally {
            this.state.busy = false;
        }
    }

    async choose(kind) {
        const chosen = this.state.chosen;
        this.state.chosen = chosen.includes(kind)
            ? chosen.filter((name) => name !== kind)
            : [...chosen, kind];
        this.show(await this.fetch(null), false);
    }

    icon(entry) {
        return this.state.kinds.find(({ name }) => name === entry.kind)?.icon;
    }

    day(entry) {
        return this.moment(entry).toFormat("yyyy-MM-dd");
    }

    time(entry) {
        return entry.is_day ? "" : this.moment(entry).toFormat("HH:mm");
    }

    moment({ date, is_day }) {
        return is_day ? deserializeDate(date) : deserializeDateTime(date);
    }

    /** Entries by day, for a heading above each. */
    get days() {
        const days = [];
        for (const entry of this.state.entries) {
            const day = this.day(entry);
            if (days.at(-1)?.day !== day) {
                days.push({ day, entries: [], key: entry.key });
            }
            days.at(-1).entries.push(entry);
        }
        return days;
    }

    open({ model, id }) {
        if (!model) {
            return;
        }
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    /** As a button does it: the server completes the action it returns. */
    openCard({ name }) {
        return this.action.doActionButton({
            type: "object",
            name: "action_jxc_overview",
            resModel: "res.partner",
            resId: this.resId,
            args: JSON.stringify([name]),
            context: user.context,
        });
    }
}

export const customerOverview = { component: CustomerOverview };

registry.category("view_widgets").add("jxc_customer_overview", customerOverview);
