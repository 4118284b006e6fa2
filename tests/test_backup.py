# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The backup that the documentation describes brings everything back."""

import base64
import os
import zipfile

from conftest import forget

PHOTO = b"not really a photo"


def test_backup_and_restore(database, postgres_server, odoo_env, tmp_path):
    """Records, files and encrypted passwords are there after a restore."""
    from jxcdev import databases, odoo

    with odoo_env(database) as env:
        partner = env["res.partner"].create({"name": "Kept"})
        env["ir.attachment"].create(
            {
                "name": "photo",
                "datas": base64.b64encode(PHOTO),
                "res_model": "res.partner",
                "res_id": partner.id,
            }
        )
        channel = env["jxc.sale.channel"].create(
            {
                "name": "Shop",
                "code": "KEPT",
                "partner_id": partner.id,
                "stock_url": "https://shop.example.com/stock",
                "secret": "of the shop",
            }
        )
        kept = env["res.partner"].search_count([])
        ids = partner.id, channel.id
    config = odoo.write_config("test-backup", postgres_server, max_cron_threads=0)
    file, restored = tmp_path / "backup.zip", f"{database}_restored"
    forget(database)
    odoo.run("Backup", ["db", "-c", config, "dump", database, file], "dump.log")
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
    assert "dump.sql" in names
    assert any(name.startswith("filestore/") for name in names)
    try:
        odoo.run("Restore", ["db", "-c", config, "load", restored, file], "load.log")
        with odoo_env(restored) as env:
            assert env["res.partner"].search_count([]) == kept
            partner = env["res.partner"].browse(ids[0])
            assert partner.name == "Kept"
            photo = env["ir.attachment"].search(
                [("res_model", "=", "res.partner"), ("res_id", "=", partner.id)]
            )
            assert base64.b64decode(photo.datas) == PHOTO
            assert os.path.isfile(photo._full_path(photo.store_fname))
            channel = env["jxc.sale.channel"].browse(ids[1])
            assert channel._jxc_get_secret() == "of the shop"
    finally:
        forget(restored)
        databases.drop(postgres_server, restored)
