import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { formPhoneField } from "@web/views/fields/phone/phone_field";
import { onWillStart } from "@odoo/owl";

/**
 * Open the device's dialling program; the report of the call comes next.
 *
 * @param {Object} env
 * @param {Object} action with the number and the next action in its params
 * @returns {Object} the next action
 */
export function call(env, action) {
    const link = document.createElement("a");
    link.href = `tel:${action.params.number}`;
    link.click();
    return action.params.next;
}

registry.category("actions").add("jxc_call", call);

/**
 * The platform's phone field; for salespeople its "Call" keeps a log of the call.
 */
export class PhoneCallField extends formPhoneField.component {
    static template = "jxc_crm_lite.PhoneCallField";

    setup() {
        super.setup();
        this.action = useService("action");
        this.orm = useService("orm");
        onWillStart(async () => {
            this.isSeller = await user.hasGroup("sales_team.group_sale_salesman");
        });
    }

    async onCall(ev) {
        if (!this.isSeller) {
            return; // just dial
        }
        ev.preventDefault();
        const { record } = this.props;
        if (await record.save()) {
            this.action.doAction(
                await this.orm.call(record.resModel, "action_jxc_call", [
                    [record.resId],
                ])
            );
        }
    }
}

export const phoneCallField = {
    ...formPhoneField,
    component: PhoneCallField,
    displayName: _t("Phone with Call Log"),
};

registry.category("fields").add("jxc_phone_call", phoneCallField);
