# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
import psycopg2
from psycopg2 import errorcodes as pg_errors
from psycopg2.pool import PoolError

from odoo import models, modules
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import gate, gate_session


class JxcGateMixin(models.AbstractModel):
    """A record that is a limited resource: a budget line, a credit account.

    The model says in :meth:`_jxc_gate_query` what committed documents use and what the
    limit is; whoever changes documents calls :meth:`_jxc_gate_take` first. The limit
    then holds for every user, every channel and every race.
    """

    _name = "jxc.gate.mixin"
    _description = "Resource with a Limit that Holds"

    def _jxc_gate_query(self) -> SQL:
        """Return SQL that yields one row ``(id, used, capacity)`` per record.

        ``used`` is what documents take from the resource, ``capacity`` its limit, NULL
        for none; both in the resource's own unit. The statement runs on a second
        connection and sees committed rows only, so it has to read stored columns of
        the tables themselves.

        That connection keeps the plan of the statement: ids and amounts go into
        parameters, with a cast (``%(ids)s::int[]``) where the server cannot infer
        their type.
        """
        raise NotImplementedError

    def _jxc_gate_take(self, amounts, enforce=None):
        """Take amounts from the resources, all of them or none.

        Call it *before* writing the rows that change the use: the amount is the use
        after the change minus the use before. What is taken counts for everybody from
        now on, and ends with the transaction: by commit the documents take over, by
        rollback it is void.

        :param dict amounts: ``{id: amount}`` of records of ``self``, in the unit of the
            resource, already rounded. Above zero takes; below zero gives back, which
            counts at once for this transaction and on commit for the others.
        :param enforce: ids whose limit is enforced; the others are only recorded, so
            that parallel operations see them. None enforces all.
        :return: list of :class:`~odoo.addons.jxc_base.tools.gate.Shortage`; empty when
            everything was taken. With shortages nothing at all was taken: the caller
            raises.
        :raise UserError: the resource could not be asked within some seconds
        """
        return gate.shortages_of(self._jxc_gate_take_judged(amounts, enforce))

    def _jxc_gate_take_judged(self, amounts, enforce=None):
        """Take as :meth:`_jxc_gate_take` does; return how each resource was judged.

        For who wants to know how much is left without asking again.

        :return: list of :class:`~odoo.addons.jxc_base.tools.gate.Judged`; nothing was
            taken when one of them is short. Resources of which nothing was asked are
            left out.
        :raise UserError: the resource could not be asked within some seconds
        """
        demands = gate.demands_of(amounts, enforce)
        if not demands:
            return []
        if self._jxc_gate_is_alone():
            return self._jxc_gate_judge_alone(demands)
        return self._jxc_gate_take_escrow(demands)

    def _jxc_gate_message(self, shortages):
        """Return a default error text for shortages of records of ``self``.

        Callers with more to say (documents, ways out) build their own from the
        shortages.
        """
        by_id = {record.id: record for record in self}
        lines = []
        for short in shortages:
            lines.append(
                self.env._(
                    "%(name)s: limit %(capacity).2f, used %(used).2f,"
                    " asked %(asked).2f, missing %(missing).2f.",
                    name=by_id[short.resource_id].display_name,
                    capacity=short.capacity,
                    used=short.used,
                    asked=short.asked,
                    missing=short.missing,
                )
            )
            if short.running:
                lines.append(
                    self.env._(
                        "%(running).2f of it is in use by an operation that is still"
                        " running; it may become free again in a moment.",
                        running=short.running,
                    )
                )
        return "\n".join(lines)

    # ------------------------------------------------------------
    # Two ways of asking
    # ------------------------------------------------------------

    def _jxc_gate_is_alone(self):
        """Whether a second connection could not see the documents of this one.

        So it is inside a test's transaction, and while addons are being installed or
        upgraded: there the tables themselves may be new, or locked by this connection.
        """
        return bool(modules.module.current_test) or not self.env.registry.ready

    def _jxc_gate_judge_alone(self, demands):
        self.env.flush_all()
        records = self.browse([demand.resource_id for demand in demands])
        return gate.judge_alone(self.env.cr, records._jxc_gate_query(), demands)

    def _jxc_gate_take_escrow(self, demands):
        records = self.browse([demand.resource_id for demand in demands])
        try:
            judged = gate.take(
                self.env.cr,
                self.env.registry.cursor,
                self._name,
                records._jxc_gate_query(),
                demands,
            )
        except (PoolError, psycopg2.OperationalError) as error:
            code = getattr(error, "pgcode", None)
            if code not in (None, pg_errors.LOCK_NOT_AVAILABLE):
                raise
            # Without a code: no connection left, in this process or on the server.
            raise UserError(
                self.env._(
                    "%(names)s could not be checked within %(seconds)s seconds because"
                    " the database is busy. Nothing was changed; please try again.",
                    names=", ".join(records.mapped("display_name")),
                    seconds=gate_session.LOCK_TIMEOUT_MS // 1000,
                )
            ) from error
        return judged + self._jxc_gate_judge_unseen(demands, judged)

    def _jxc_gate_judge_unseen(self, demands, judged):
        """Judge resources created in this transaction, which nobody else can see."""
        seen = {row[0] for row in judged}
        unseen = [demand for demand in demands if demand.resource_id not in seen]
        return self._jxc_gate_judge_alone(unseen) if unseen else []

    def _jxc_gate_sweep(self, limit):
        """Delete up to ``limit`` finished claims; return how many were deleted."""
        if self._jxc_gate_is_alone():
            return gate.sweep(self.env.cr, limit=limit)
        return gate_session.in_gate_transaction(
            self.env.cr.dbname,
            self.env.registry.cursor,
            lambda session: gate.sweep(session.cr, limit=limit),
        )
