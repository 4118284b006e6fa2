# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The elements of GB/T 24589.1-2010: namespace, encoding, texts."""

from lxml import etree

NAMESPACE = "http://sxbw.audit.gov.cn/AccountingSoftwareDataInterfaceStandard/2010/SOE/XMLSchema"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
ENCODING = "GB18030"


class Texts:
    """Texts of an element's children by local name."""

    def __init__(self, element):
        self._texts = {
            etree.QName(child).localname: (child.text or "").strip()
            for child in element.iterchildren()
        }

    def __getitem__(self, name):
        return self._texts.get(name, "")


def new_root(name):
    root = etree.Element(f"{{{NAMESPACE}}}{name}", nsmap={None: NAMESPACE, "xsi": XSI})
    root.set(f"{{{XSI}}}schemaLocation", f"{NAMESPACE} {name}.xsd")
    return root


def add(root, tag, **values):
    element = etree.SubElement(root, f"{{{NAMESPACE}}}{tag}")
    for name, text in values.items():
        etree.SubElement(element, f"{{{NAMESPACE}}}{name}").text = text


def document(root):
    return etree.tostring(root, encoding=ENCODING, xml_declaration=True)
