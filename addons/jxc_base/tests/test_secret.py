# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import os
from unittest.mock import patch

from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import TransactionCase, tagged

from ..tools import secret


@tagged("post_install", "-at_install")
class TestSecret(TransactionCase):
    def _keys(self, *keys):
        value = ",".join(key.decode() for key in keys)
        return patch.dict(os.environ, {"JXC_SECRET_KEYS": value})

    @given(text=st.text(st.characters(exclude_categories=["Cs"])))
    @settings(deadline=None, max_examples=30)
    def test_what_is_encrypted_can_be_decrypted(self, text):
        with self._keys(Fernet.generate_key()):
            token = secret.encrypt(self.env, text)
            self.assertEqual(secret.decrypt(self.env, token), text)
            if len(text) > 3:
                self.assertNotIn(text, token)

    def test_keys_can_be_changed(self):
        old, new = Fernet.generate_key(), Fernet.generate_key()
        with self._keys(old):
            token = secret.encrypt(self.env, "s3cret")
        with self._keys(new, old):
            self.assertEqual(secret.decrypt(self.env, token), "s3cret")
            renewed = secret.renew(self.env, token)
        with self._keys(new):
            self.assertEqual(secret.decrypt(self.env, renewed), "s3cret")
            with self.assertRaisesRegex(UserError, "another key"):
                secret.decrypt(self.env, token)

    def test_no_key_no_secret(self):
        with self._keys(b"short"), self.assertRaisesRegex(UserError, "secret_keys"):
            secret.encrypt(self.env, "s3cret")
        with patch.dict(os.environ, {"JXC_SECRET_KEYS": ""}):
            self.assertEqual(secret.encrypt(self.env, ""), "")
            with self.assertRaisesRegex(UserError, "secret_keys"):
                secret.encrypt(self.env, "s3cret")
