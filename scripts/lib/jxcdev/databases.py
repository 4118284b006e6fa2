# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Create, copy, rename and drop databases together with their filestores."""

import os
import shutil
from contextlib import closing, contextmanager

import psycopg2
from psycopg2 import sql

from . import paths
from .steps import Failure


@contextmanager
def cursor(server, database="postgres"):
    """Give a cursor in autocommit mode."""
    try:
        connection = psycopg2.connect(
            host=server.host,
            port=server.port,
            user=server.user,
            password=server.password or None,
            dbname=database,
            connect_timeout=10,
        )
    except psycopg2.OperationalError as error:
        raise Failure(
            f"PostgreSQL at {server.host}:{server.port}",
            error,
            "Check PGHOST, PGPORT, PGUSER and PGPASSWORD",
        ) from error
    connection.autocommit = True
    with closing(connection), connection.cursor() as cr:
        yield cr


def exists(server, name):
    """Tell whether the database exists."""
    with cursor(server) as cr:
        cr.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return bool(cr.fetchone())


def copy(server, source, name):
    """Make database `name` a copy of `source`, filestore included.

    Files of a filestore are named by their content and never changed: hard links do.
    """
    drop(server, name)
    with cursor(server) as cr:
        _disconnect(cr, source)
        strategy = (
            " STRATEGY FILE_COPY" if cr.connection.server_version >= 150000 else ""
        )
        statement = "CREATE DATABASE {} TEMPLATE {}" + strategy
        cr.execute(
            sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(source))
        )
    if filestore(source).exists():
        shutil.copytree(filestore(source), filestore(name), copy_function=os.link)


def rename(server, old, new):
    """Give a database its final name."""
    with cursor(server) as cr:
        _disconnect(cr, old)
        statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
        cr.execute(statement.format(sql.Identifier(old), sql.Identifier(new)))
    if filestore(old).exists():
        shutil.rmtree(filestore(new), ignore_errors=True)
        filestore(old).rename(filestore(new))


def drop(server, name):
    """Remove a database and its filestore; nothing happens when it is not there."""
    with cursor(server) as cr:
        _disconnect(cr, name)
        cr.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
    shutil.rmtree(filestore(name), ignore_errors=True)


def has_module(server, name, module):
    """Tell whether an Odoo module is installed in the database."""
    with cursor(server, name) as cr:
        cr.execute(
            "SELECT 1 FROM ir_module_module WHERE name = %s AND state = 'installed'",
            [module],
        )
        return bool(cr.fetchone())


def filestore(name):
    """Return the folder of the database's files."""
    return paths.DATA / "filestore" / name


def _disconnect(cr, name):
    cr.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
        [name],
    )
