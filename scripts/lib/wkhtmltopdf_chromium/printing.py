# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Print HTML files with Chromium and put header, footer and body together."""

import base64
import io
import os
import re
from urllib.parse import urlencode

from jxcdev.devtools import Chromium
from pypdf import PdfReader, PdfWriter
from pypdf.generic import RectangleObject

from .outline import add_outline

POINTS = 72 / 25.4  # in a millimetre
# wkhtmltopdf's pixels are a little smaller than the browser's
SCALE = float(os.environ.get("WKHTML_CHROMIUM_SCALE", "0.9375"))
NO_SITE = "http://wkhtml.invalid"


def print_documents(options):
    """Write the PDF file that the options describe."""
    documents = [body.read_bytes() for body in options.bodies]
    printer = Printer(_base_address(documents[0]), options.cookies)
    try:
        writer = _assemble(printer, options, documents)
    finally:
        printer.close()
    with options.output.open("wb") as file:
        writer.write(file)


def _assemble(printer, options, documents):
    margins = options.margins
    printed = []
    for number, html in enumerate(documents):
        printer.load(f"body/{number}", html)
        printed.append(printer.pdf(options.width, options.height, **margins))
    total = sum(len(reader.pages) for reader in printed)
    overlays = [
        (kind, path.read_bytes(), size, offset)
        for kind, path, size, offset in (
            ("header", options.header, margins["top"], options.height - margins["top"]),
            ("footer", options.footer, margins["bottom"], 0),
        )
        if path and size
    ]
    writer, starts, position = PdfWriter(), [], 0
    for body, reader in zip(options.bodies, printed, strict=True):
        starts.append(position)
        for page_of_body, page in enumerate(reader.pages, 1):
            position += 1
            query = _query(position, total, page_of_body, len(reader.pages), body)
            for kind, html, size, offset in overlays:
                printer.load(f"{kind}?{query}", html)
                sides = {"right": margins["right"], "left": margins["left"]}
                over = printer.pdf(options.width, size, **sides).pages[0]
                shift = (1, 0, 0, 1, 0, offset * POINTS)
                page.merge_transformed_page(over, shift, expand=False)
            _set_boxes(page, options)
            writer.add_page(page)
    if len(documents) > 1:
        add_outline(writer, starts, options.height * POINTS)
    writer.compress_identical_objects()
    return writer


def _base_address(html):
    found = re.search(rb'<base[^>]*href="([^"]+)"', html)
    return found[1].decode().rstrip("/") if found else NO_SITE


def _query(page, total, page_of_body, pages_of_body, body):
    """Return what wkhtmltopdf tells a header or footer about its page."""
    return urlencode(
        {
            "page": page,
            "topage": total,
            "frompage": 1,
            "sitepage": page_of_body,
            "sitepages": pages_of_body,
            # Odoo finds the number of the document between the dots of this name.
            "webpage": body.name,
            "section": "",
            "subsection": "",
            "subsubsection": "",
            "title": "",
            "doctitle": "",
        }
    )


def _set_boxes(page, options):
    """Give the page whole points, as other programs compare its size."""
    width, height = round(options.width * POINTS), round(options.height * POINTS)
    box = RectangleObject((0, 0, width, height))
    page.mediabox = page.cropbox = page.trimbox = page.artbox = page.bleedbox = box


class Printer:
    """A browser tab that is served our HTML below the site's own address.

    So links to style sheets and the session cookie work as they do for the site.

    :param str base: address of the site
    :param cookies: (name, value) to send to it
    """

    def __init__(self, base, cookies):
        self._base = base
        self._pages = {}
        self._loaded = False
        self._browser = Chromium()
        self._tab = self._browser.open_page()
        self._tab.handlers.append(self._on_event)
        for domain in ("Page", "Network"):
            self._tab.call(f"{domain}.enable")
        for name, value in cookies:
            self._tab.call(
                "Network.setCookie", name=name, value=value, url=base, httpOnly=True
            )
        self._tab.call("Fetch.enable", patterns=[{"urlPattern": self._address("*")}])

    def load(self, path, html):
        """Show HTML as a page of the site; return when it and its fonts are loaded."""
        self._pages[self._address(path)] = html
        self._loaded = False
        self._tab.call("Page.navigate", url=self._address(path))
        while not self._loaded:
            self._browser.pump(60)
        self._tab.evaluate("document.fonts.ready.then(() => true)")

    def pdf(self, width, height, top=0, right=0, bottom=0, left=0):
        """Return the page shown as a PDF; lengths in millimetres."""
        answer = self._tab.call(
            "Page.printToPDF",
            printBackground=True,
            scale=SCALE,
            paperWidth=width / 25.4,
            paperHeight=height / 25.4,
            marginTop=top / 25.4,
            marginRight=right / 25.4,
            marginBottom=bottom / 25.4,
            marginLeft=left / 25.4,
        )
        return PdfReader(io.BytesIO(base64.b64decode(answer["data"])))

    def close(self):
        """End the browser."""
        self._browser.close()

    def _address(self, path):
        return f"{self._base}/__wkhtml__/{path}"

    def _on_event(self, method, parameters):
        if method == "Page.loadEventFired":
            self._loaded = True
        elif method == "Fetch.requestPaused":
            self._serve(parameters)

    def _serve(self, parameters):
        request = parameters["requestId"]
        html = self._pages.get(parameters["request"]["url"])
        if html is None:
            self._tab.send("Fetch.continueRequest", requestId=request)
            return
        self._tab.send(
            "Fetch.fulfillRequest",
            requestId=request,
            responseCode=200,
            responseHeaders=[
                {"name": "Content-Type", "value": "text/html; charset=utf-8"}
            ],
            body=base64.b64encode(html).decode(),
        )
