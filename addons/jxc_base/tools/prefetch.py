# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Which fields of the platform's busy records are read along with the others.

The ORM reads all columns of a record as soon as one is asked for. Every transaction
reads its company, partners and products: a column that hardly any of them needs costs
all of them some time, and a setting more would make every order slower. Such fields are
read together when one of them is asked for (one query), and otherwise not at all::

    jxc_new_days = fields.Integer(default=30, prefetch=RARELY_READ)

Fields that orders, deliveries or bills ask for on their way stay with the others.
"""

#: Value of a field's ``prefetch``, see above.
RARELY_READ = "jxc_rarely_read"
