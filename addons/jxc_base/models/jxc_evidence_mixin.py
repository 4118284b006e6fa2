# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
from odoo import models
from odoo.exceptions import AccessError


class JxcEvidenceMixin(models.AbstractModel):
    """A document with photos and files that people decide by.

    The platform lets whoever may write a document exchange and delete its files, also
    where the document itself refuses to be changed. The documents say which files stay.
    """

    _name = "jxc.evidence.mixin"
    _description = "Document with Evidence"

    #: Fields that hold attachments, Many2many; set it in the model.
    _jxc_evidence_fields = ()

    def write(self, vals):
        """Keep evidence with its document.

        :raise AccessError: naming a file that would be taken off it
        """
        names = [name for name in self._jxc_evidence_fields if name in vals]
        if self.env.su or not names:
            return super().write(vals)
        files = self._jxc_evidence()
        kept = self.sudo()._jxc_kept_evidence(files)
        result = super().write(vals)
        missing = kept - self._jxc_evidence()
        if missing:
            raise AccessError(self._jxc_evidence_text(missing[0]))
        return result

    def _jxc_evidence(self):
        """All files that the fields of these documents hold, as superuser."""
        files = self.env["ir.attachment"].sudo()
        return files.union(*(self.sudo()[name] for name in self._jxc_evidence_fields))

    def _jxc_kept_evidence(self, files):
        """Which files of these documents stay, for whoever is at work: hook.

        :param files: ir.attachment; some belong to these documents, some may not
        :return: those that nobody changes, removes or deletes
        """
        return files.browse()

    def _jxc_evidence_of(self, files):
        """Those of files that belong to these documents or are held by them."""
        own = files.filtered(
            lambda file: file.res_model == self._name and file.res_id in self._ids
        )
        return own | (files & self._jxc_evidence())

    def _jxc_evidence_text(self, file):
        """What to tell somebody who changes a file that stays: hook."""
        return self.env._(
            "%(file)s is evidence that was decided by, or that others gave: it stays as"
            " it is.",
            file=file.sudo().name,
        )


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _check_access(self, operation):
        """Evidence stays, whatever right to its document somebody has."""
        result = super()._check_access(operation)
        if operation not in ("write", "unlink"):
            return result
        kept = self._jxc_kept_evidence()
        if not kept:
            return result
        file, document = next(iter(kept.items()))
        forbidden = self & self.browse(one.id for one in kept)
        if result:
            return forbidden | result[0], result[1]
        return forbidden, lambda: AccessError(document._jxc_evidence_text(file))

    def _delete_and_notify(self, message=None):
        # Called with superuser rights, for whoever once uploaded the file.
        kept = self._jxc_kept_evidence()
        for file, document in kept.items():
            raise AccessError(document._jxc_evidence_text(file))
        return super()._delete_and_notify(message)

    def _jxc_kept_evidence(self):
        """Which of these files are evidence that stays, and a document of each.

        :return: {file: document}
        """
        files = self.sudo().exists()
        found = {}
        if not files:
            return found
        for name in self.env.registry.descendants(["jxc.evidence.mixin"], "_inherit"):
            model = self.env[name].sudo().with_context(active_test=False)
            if model._abstract:
                continue
            owned = files.filtered(lambda file, name=name: file.res_model == name)
            documents = model.browse(owned.mapped("res_id")).exists()
            for field in model._jxc_evidence_fields:
                documents |= model.search([(field, "in", files.ids)])
            if documents:
                kept = documents._jxc_kept_evidence(files)
                found.update(dict.fromkeys(kept, documents[:1].sudo(False)))
        return found
