# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Clients of Odoo's HTTP interfaces, as another program would write them."""

import json
import urllib.error
import urllib.request
import xmlrpc.client

# a proxy of the environment is for the internet, not for the servers under test
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Refused(Exception):
    """The server answered with an error.

    :param str name: class of the error, for example odoo.exceptions.UserError
    """

    def __init__(self, status, name, message):
        super().__init__(f"{status} {name}: {message}")
        self.status = status
        self.name = name
        self.message = message


class Json2:
    """Client of /json/2, the interface that stays.

    :param str url: address of the server
    :param str database: name of the database
    :param str key: API key of the user
    """

    def __init__(self, url, database, key):
        self._url = url
        self._headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/json",
            "X-Odoo-Database": database,
        }

    def call(self, model, method, **arguments):
        """Call a method; `ids` and `context` are arguments like the others.

        :raise Refused: when the server answers with an error
        """
        request = urllib.request.Request(
            f"{self._url}/json/2/{model}/{method}",
            data=json.dumps(arguments).encode(),
            headers=self._headers,
        )
        try:
            with DIRECT.open(request, timeout=120) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            body = json.loads(error.read() or b"{}")
            raise Refused(
                error.code, body.get("name", ""), body.get("message", "")
            ) from error


class XmlRpc:
    """Client of /xmlrpc/2, which many programs still use."""

    def __init__(self, url, database, login, password):
        self._database = database
        self._password = password
        common = xmlrpc.client.ServerProxy(f"{url}/xmlrpc/2/common")
        self.uid = common.authenticate(database, login, password, {})
        self._models = xmlrpc.client.ServerProxy(
            f"{url}/xmlrpc/2/object", allow_none=True
        )

    def call(self, model, method, *arguments, **keywords):
        """Call a method of a model; a refusal is an xmlrpc.client.Fault."""
        return self._models.execute_kw(
            self._database, self.uid, self._password, model, method, arguments, keywords
        )
