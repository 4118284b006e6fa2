import { WarningDialog, odooExceptionTitleMap } from "@web/core/errors/error_dialogs";
import { registry } from "@web/core/registry";

/**
 * Show a refused import as the platform shows errors that users can mend: the client
 * knows exceptions by their very name, and takes a kind of UserError for a crash.
 */
const NAME = "odoo.addons.jxc_base.tools.importing.problems.ImportRefused";

odooExceptionTitleMap.set(NAME, odooExceptionTitleMap.get("odoo.exceptions.UserError"));
registry.category("error_dialogs").add(NAME, WarningDialog);
