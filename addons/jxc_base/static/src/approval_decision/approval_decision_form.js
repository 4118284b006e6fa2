import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";
import { onMounted } from "@odoo/owl";

/**
 * The page a notification leads to. It has one field to write in, so writing starts at
 * once, also on a phone, where forms leave it to the finger to choose a field.
 */
export class ApprovalDecisionController extends FormController {
    setup() {
        super.setup();
        onMounted(() =>
            this.rootRef.el?.querySelector("[name=comment] textarea")?.focus()
        );
    }
}

registry.category("views").add("jxc_approval_decision", {
    ...formView,
    Controller: ApprovalDecisionController,
});
