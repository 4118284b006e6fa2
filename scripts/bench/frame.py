# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What scripts that measure begin and end with, on one database or on two."""

import argparse
import json
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

import odoo.api
import odoo.sql_db
from odoo.modules.registry import Registry
from odoo.tools import config


def parser_of(doc):
    """Return a parser of options; the text of a script is its help."""
    parser = argparse.ArgumentParser(
        description=doc, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-c", "--config", required=True, help="Odoo configuration file")
    parser.add_argument("--json", help="write the figures to this file as well")
    return parser


def parser_of_two(doc):
    """Return a parser for scripts that measure two databases."""
    parser = parser_of(doc)
    parser.add_argument("--plain", required=True, help="database without jxc")
    parser.add_argument("--suite", required=True, help="database with jxc")
    return parser


def parse(doc, argv=None, **sizes):
    """Return the options: configuration, database, ``--json`` and whole numbers.

    :param sizes: names and defaults of the numbers
    """
    parser = parser_of(doc)
    parser.add_argument("-d", "--database", required=True)
    for name, default in sizes.items():
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args(argv)
    config.parse_config(["-c", options.config, "--no-http", "--log-level=critical"])
    return options


@contextmanager
def environment(options, **context):
    """Give the superuser's environment in a transaction that is rolled back."""
    with Registry(options.database).cursor() as cr:
        try:
            yield odoo.api.Environment(cr, odoo.SUPERUSER_ID, context)
        finally:
            cr.rollback()


class Database:
    """One of two databases that are measured beside each other, in turn.

    Each transaction is committed: so give it copies.
    """

    def __init__(self, name):
        self.registry = Registry(name)

    @contextmanager
    def environment(self):
        with self.registry.cursor() as cr:
            yield odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {"lang": "en_US"})
            cr.commit()

    def cost(self, work):
        """Do ``work(env)`` and commit; return seconds, CPU seconds and queries."""
        queries = odoo.sql_db.sql_counter
        wall, cpu = time.perf_counter(), time.process_time()
        with self.environment() as env:
            work(env)
            env.flush_all()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        return wall, cpu, odoo.sql_db.sql_counter - queries


class Apart:
    """One side of a comparison, in a process of its own.

    A worker of a server knows one database. Two registries that take turns in one
    process push each other out of the processor's caches, and the larger one loses
    more by it: that is the cost of the measurement, not of the addons.
    """

    def __init__(self, options, make, *args, **kwargs):
        """Have ``make(*args, **kwargs)`` called there.

        :param make: what returns the side; from the top of a script, so that the
            other process can find it
        """
        self.process = ProcessPoolExecutor(
            max_workers=1,
            mp_context=get_context("spawn"),
            initializer=_begin,
            initargs=(options.config, make, args, kwargs),
        )

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.process.shutdown()

    def call(self, method, *args):
        """Call a method of the side, and wait for what it returns."""
        return self.process.submit(_call, method, args).result()


_side = None


def _begin(config_file, make, args, kwargs):
    global _side
    config.parse_config(["-c", config_file, "--log-level", "critical"])
    _side = make(*args, **kwargs)


def _call(method, args):
    return getattr(_side, method)(*args)


def in_turn(sides, number):
    """Yield ``(name, side)``: A B, then B A, so that none is always the first."""
    yield from sorted(sides.items(), reverse=bool(number % 2))


def compare(costs):
    """Return medians and the ratio of suite to plain, by what is counted.

    :param costs: ``{"plain": [(seconds, CPU seconds, queries)], "suite": …}``
    """
    result = {}
    for position, (label, factor) in enumerate(
        (("wall_ms", 1000), ("cpu_ms", 1000), ("queries", 1))
    ):
        middle = {
            name: statistics.median(one[position] for one in rows) * factor
            for name, rows in costs.items()
        }
        result[label] = {name: round(value, 1) for name, value in middle.items()}
        result[label]["ratio"] = round(middle["suite"] / middle["plain"], 3)
    return result


def as_admin(env):
    """Return the environment of the administrator: rights and rules count."""
    return env(user=env.ref("base.user_admin").id, su=False)


def timed(call):
    """Return ``(seconds, result)`` of a call."""
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def medians(env, ways, turns):
    """Return ``{name: median seconds}`` of calls made in turn, A B C A B C."""
    taken = {name: [] for name in ways}
    for _turn in range(turns):
        for name, way in ways.items():
            env.invalidate_all()
            taken[name].append(timed(way)[0])
    return {name: statistics.median(seconds) for name, seconds in taken.items()}


def show(options, figures):
    """Print the figures, and write them to the file of ``--json``."""
    text = json.dumps(figures, indent=1, ensure_ascii=False)
    print(text)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            file.write(text + "\n")
