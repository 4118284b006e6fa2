import { SignatureForm } from "@portal/signature_form/signature_form";
import { patch } from "@web/core/utils/patch";

/**
 * A signature that is refused can be given again.
 *
 * The platform's form leaves its button turning and disabled after an error: who signs
 * an order over the limit would have to load the page anew to try after a payment.
 */
patch(SignatureForm.prototype, {
    async onClickSubmit() {
        const button = this.rootRef.el.querySelector(".o_portal_sign_submit");
        const icon = button.firstChild;
        try {
            await super.onClickSubmit(...arguments);
        } finally {
            if (button.classList.contains("o_btn_loading")) {
                button.querySelector(".fa-spin")?.remove();
                button.classList.remove("o_btn_loading", "disabled", "pe-none");
                button.disabled = false;
                button.prepend(icon);
            }
        }
    },
});
