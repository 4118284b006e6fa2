import { registry } from "@web/core/registry";

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
