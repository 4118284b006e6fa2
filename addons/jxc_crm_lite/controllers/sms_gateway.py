# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import json

from werkzeug.exceptions import BadRequest, NotFound, RequestEntityTooLarge

from odoo.http import Controller, request, route

MAX_BYTES = 1_000_000


class SmsGatewayController(Controller):
    @route(
        "/jxc/sms/<int:gateway_id>/<string:token>/<any(report,reply):kind>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        csrf=False,
        save_session=False,
    )
    def receive(self, gateway_id, token, kind, **parameters):
        """Reports and replies that a provider pushes, as JSON or as a form."""
        gateway = request.env["jxc.sms.gateway"]._authenticated(gateway_id, token)
        if not gateway:
            raise NotFound
        if (request.httprequest.content_length or 0) > MAX_BYTES:
            raise RequestEntityTooLarge
        try:
            if "json" in (request.httprequest.mimetype or ""):
                parameters = json.loads(request.httprequest.get_data(as_text=True))
            gateway._receive(kind, parameters)
        except ValueError as error:
            raise BadRequest from error
        return request.make_response(
            gateway.callback_answer or "", [("Content-Type", "text/plain")]
        )
