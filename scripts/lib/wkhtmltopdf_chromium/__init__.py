# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The wkhtmltopdf command line, as far as Odoo uses it, on headless Chromium.

Bodies are printed one by one. Header and footer are printed for each page with the
query arguments that wkhtmltopdf gives them (page, topage ...) and laid over it. It
calls itself patched wkhtmltopdf: by that name Odoo asks for headers and outlines.
"""
