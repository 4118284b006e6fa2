# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).


def use_commercial_partners(env, vals_list):
    """Put the company behind a contact into values: vendors are judged as a whole.

    :param vals_list: list of values with a ``partner_id``, changed in place
    """
    ids = {vals["partner_id"] for vals in vals_list if vals.get("partner_id")}
    partners = {partner.id: partner for partner in env["res.partner"].browse(ids)}
    for vals in vals_list:
        if vals.get("partner_id"):
            partner = partners[vals["partner_id"]]
            vals["partner_id"] = partner.commercial_partner_id.id
