# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""What scripts/run, scripts/test and scripts/import do, one job a module."""
