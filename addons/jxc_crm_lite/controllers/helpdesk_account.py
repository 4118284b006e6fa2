# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import http
from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.myaccount import CustomerPortalHelpdesk


class HelpdeskAccount(CustomerPortalHelpdesk):
    """The list of a customer's tickets, with words that our translation has."""

    @http.route()
    def portal_my_tickets(self, **kw):
        response = super().portal_my_tickets(**kw)
        everything = response.qcontext.get("searchbar_filters", {}).get("all")
        if everything:
            everything["label"] = request.env._("All Stages")
        return response

    def _ticket_get_searchbar_sortings(self):
        labels = {
            "date": request.env._("Newest First"),
            "name": request.env._("By Title"),
            "stage": request.env._("By Stage"),
            "update": request.env._("Last Change of Stage"),
        }
        return self._jxc_labelled(super()._ticket_get_searchbar_sortings(), labels)

    def _ticket_get_searchbar_groupby(self):
        labels = {
            "none": request.env._("None"),
            "category": request.env._("Ticket Category"),
            "stage": request.env._("Stage"),
        }
        return self._jxc_labelled(super()._ticket_get_searchbar_groupby(), labels)

    def _ticket_get_searchbar_inputs(self):
        labels = {
            "all": request.env._("Search Everywhere"),
            "number": request.env._("Search in Numbers"),
            "name": request.env._("Search in Titles"),
        }
        return self._jxc_labelled(super()._ticket_get_searchbar_inputs(), labels)

    def _jxc_labelled(self, options, labels):
        for name, option in options.items():
            option["label"] = labels.get(name, option["label"])
        return options
