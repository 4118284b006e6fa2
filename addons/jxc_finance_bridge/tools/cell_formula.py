# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Expressions in the cells of a workbook: {{bal("1122", "2024-01", "end") - 100}}.

Sums, products, numbers, texts in quotes and calls of the functions that a caller
offers; nothing else, and nothing is evaluated by Python.
"""

import re
from decimal import Decimal, InvalidOperation

# None reaches over the end of the first: a cell may have several.
MARKED = re.compile(r"\{\{((?:(?!\}\}).)*)\}\}", re.DOTALL)
TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)
    |"(?P<text>[^"]*)"|(?P<sign>[-+*/(),]))""",
    re.VERBOSE,
)
#: of brackets and signs in one expression
DEPTH = 20
LENGTH = 1000


class FormulaError(Exception):
    """Text for the user: what is wrong with an expression."""


def _tokens(text):
    if len(text) > LENGTH:
        raise FormulaError("too long")
    place, tokens = 0, []
    text = text.replace("“", '"').replace("”", '"').strip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if not match:
            raise FormulaError(text[place : place + 20])
        tokens.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return tokens


class _Parser:
    def __init__(self, tokens, functions):
        self.tokens, self.functions, self.depth = tokens, functions, 0

    def peek(self):
        return self.tokens[0] if self.tokens else (None, "")

    def take(self, sign=None):
        kind, value = self.peek()
        if kind is None or (sign and (kind, value) != ("sign", sign)):
            raise FormulaError(value or "…")
        return self.tokens.pop(0)

    def accept(self, signs):
        kind, value = self.peek()
        if kind == "sign" and value in signs:
            return self.tokens.pop(0)[1]
        return None

    def sum(self):
        self.depth += 1
        if self.depth > DEPTH:
            raise FormulaError("(")
        value = self.product()
        while sign := self.accept("+-"):
            other = self.number(self.product())
            value = self.number(value) + (other if sign == "+" else -other)
        self.depth -= 1
        return value

    def product(self):
        value = self.factor()
        while sign := self.accept("*/"):
            other = self.number(self.factor())
            if sign == "/" and not other:
                raise FormulaError("/ 0")
            value = self.number(value)
            value = value * other if sign == "*" else value / other
        return value

    def factor(self):
        negative = False
        while self.accept("-"):
            negative = not negative
        value = self.operand()
        return -self.number(value) if negative else value

    def operand(self):
        if self.accept("("):
            value = self.sum()
            self.take(")")
            return value
        kind, text = self.take()
        if kind == "number":
            return Decimal(text)
        if kind == "text":
            return text
        if kind == "name":
            return self.call(text)
        raise FormulaError(text)

    def call(self, name):
        if name not in self.functions:
            raise FormulaError(name)
        self.take("(")
        arguments = []
        while not self.accept(")"):
            if arguments:
                self.take(",")
            arguments.append(self.sum())
        try:
            return self.functions[name](*arguments)
        except TypeError as error:
            raise FormulaError(f"{name}(…)") from error

    @staticmethod
    def number(value):
        if isinstance(value, str):
            raise FormulaError(value)
        try:
            return Decimal(str(value))
        except InvalidOperation as error:
            raise FormulaError(str(value)) from error


def evaluate(text, functions):
    """The value of an expression: a number (Decimal) or a text.

    :param dict functions: what it may call
    :raise FormulaError: with the part that is not understood

    >>> evaluate('2 * (bal("1122", "end") - 1) / 4', {"bal": lambda *args: 21})
    Decimal('10')
    >>> evaluate('company()', {"company": lambda: "=1+1"})
    '=1+1'
    """
    parser = _Parser(_tokens(text), functions)
    value = parser.sum()
    if parser.tokens:
        raise FormulaError(parser.tokens[0][1])
    return value
