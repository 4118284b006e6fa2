# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Passwords and keys for other systems, encrypted at rest.

What the database holds is useless without the key, and the key is an option of the
server (``secret_keys`` in section ``[jxc]`` or ``JXC_SECRET_KEYS``): neither a dump nor
an export nor RPC gives a secret away. Several keys make it possible to change them:
the first one encrypts, all of them decrypt.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from odoo.exceptions import UserError

from .server_options import server_list

OPTION = "secret_keys"


def encrypt(env, text):
    """Return ``text`` encrypted with the server's first key.

    :param env: environment, for the language of messages
    :param str text: the secret; empty gives ""
    :raise UserError: the server has no usable key
    """
    return _box(env).encrypt(text.encode()).decode() if text else ""


def decrypt(env, token):
    """Return the text of what :func:`encrypt` returned.

    :param env: environment, for the language of messages
    :param str token: the encrypted secret; empty gives ""
    :raise UserError: the server has no usable key, or not the one it was encrypted with
    """
    if not token:
        return ""
    try:
        return _box(env).decrypt(token.encode()).decode()
    except InvalidToken as error:
        raise UserError(
            env._(
                "A stored password was encrypted with another key. Give the server the"
                " old key back, as a further one in secret_keys, or type the password"
                " again."
            )
        ) from error


def renew(env, token):
    """Return ``token`` encrypted with the first key, as after a change of keys."""
    return encrypt(env, decrypt(env, token))


def _box(env):
    try:
        keys = [Fernet(key) for key in server_list(OPTION)]
    except ValueError:
        keys = []
    if not keys:
        raise UserError(
            env._(
                "This server has no key to encrypt passwords with. Its administrator"
                " puts one into the section [jxc] of the configuration file, as"
                " secret_keys: 32 random bytes in URL-safe base64."
            )
        )
    return MultiFernet(keys)
