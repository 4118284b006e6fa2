# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""When two contacts may be one: keys to compare by, and how alike two names are.

Names are compared by pairs of letters, not with the database's trigrams: those know no
Chinese letters in a database with the C locale, and most names have fewer than ten.
"""

import math
import re
import unicodedata
from collections import Counter, defaultdict

# What a company is by law says nothing about which company it is.
LEGAL = (
    "股份有限公司|有限责任公司|集团有限公司|有限公司|集团公司|总公司|公司|集团"
    "|股份有限公司|有限責任公司|集團"
)
LEGAL_LATIN = r"company|limited|gmbh|corp(oration)?|inc|llc|ltd|plc|co|ag|sa"
LEGAL_END = re.compile(rf"(?:{LEGAL})$|(?:\b(?:{LEGAL_LATIN}))$")
NOT_A_LETTER = re.compile(r"[\W_]+")
# More numbers in one field, and extensions.
SEPARATORS = re.compile(r"[/;,、；，|\n]|转|轉|分机|分機|ext|\bx|#", re.IGNORECASE)
# A tax number shorter than this is a placeholder like "/" or "NA".
SHORTEST_VAT = 6
SHORTEST_PHONE = 7
ALIKE = 0.75
# What more contacts than this share is a switchboard, a placeholder or a series.
MANY = 20
# Names that have their rarest letters in common with more others than this are not
# followed: numbered names would be compared all with all.
CROWD = 500


def name_key(name):
    """A name without its legal form, width, case, spaces and signs.

    >>> name_key("宁波港湾超市有限公司") == name_key("宁波 港湾超市（有限公司）")
    True
    >>> name_key("ＡＢＣ贸易公司")
    'abc贸易'
    >>> name_key("Acme Trading Co., Ltd.")
    'acmetrading'
    >>> name_key("有限公司")
    '有限公司'
    """
    text = unicodedata.normalize("NFKC", name or "").lower()
    text = NOT_A_LETTER.sub(" ", text).strip()
    whole = text.replace(" ", "")
    while match := LEGAL_END.search(text):
        text = text[: match.start()].strip()
    return text.replace(" ", "") or whole


def phone_key(phone):
    """The first number's digits, without country code of China and leading zeros.

    >>> phone_key("+86 574-8700 1122") == phone_key("0574-87001122")
    True
    >>> phone_key("8613812345678"), phone_key("138 1234 5678 / 139")
    ('13812345678', '13812345678')
    >>> phone_key("0574-87001122转801") == phone_key("0574 87001122 ext. 3")
    True
    >>> phone_key("110")
    ''
    """
    text = unicodedata.normalize("NFKC", phone or "").strip()
    text = SEPARATORS.split(text)[0]
    digits = re.sub(r"\D", "", text)
    international = text.startswith(("+", "00"))
    digits = digits.lstrip("0")
    if digits.startswith("86") and (international or len(digits) == 13):
        digits = digits[2:].lstrip("0")
    return digits if len(digits) >= SHORTEST_PHONE else ""


def vat_key(vat):
    """A tax number without signs.

    >>> vat_key(" 9133０200-ma28 ")
    '91330200MA28'
    >>> vat_key("/")
    ''
    """
    text = unicodedata.normalize("NFKC", vat or "").upper()
    text = re.sub(r"[\W_]+", "", text)
    return text if len(text) >= SHORTEST_VAT else ""


def pairs_of(key):
    """The set of neighbouring letters of a key.

    >>> sorted(pairs_of("龙井茶行"))
    ['井茶', '茶行', '龙井']
    >>> pairs_of("茶")
    {'茶'}
    """
    return {key[i : i + 2] for i in range(len(key) - 1)} or ({key} if key else set())


def similarity(one, other):
    """How alike two keys are, from 0 to 1: the share of pairs they have in common.

    >>> similarity("龙井茶行", "龙井茶行")
    1.0
    >>> round(similarity("杭州龙井茶行", "杭州市龙井茶行"), 2)
    0.73
    >>> similarity("龙井", "")
    0.0
    """
    a, b = pairs_of(one), pairs_of(other)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def similar_pairs(keys, minimum=ALIKE, wanted=None):
    """Yield every two of many names that are alike, without comparing all with all.

    Two sets that share enough pairs of letters also share one of their rarest ones, so
    names are only compared with those that do: exact, not a guess.

    :param keys: ``{id: name key}``
    :param minimum: similarity from which names count as alike
    :param wanted: ids that one of each two must be among, None for any
    :return: iterator of (smaller id, larger id, similarity)

    >>> names = {1: "杭州龙井茶行", 2: "杭州龙井茶庄", 3: "宁波港湾超市"}
    >>> [(a, b, round(s, 2)) for a, b, s in similar_pairs(names)]
    [(1, 2, 0.8)]
    """
    sets = {number: pairs_of(key) for number, key in keys.items() if key}
    common = Counter(pair for pairs in sets.values() for pair in pairs)
    least = minimum / (2 - minimum)
    index = defaultdict(list)
    for number in sorted(sets):
        pairs = sets[number]
        rarest = sorted(pairs, key=lambda pair: (common[pair], pair))
        rarest = rarest[: len(pairs) - math.ceil(least * len(pairs)) + 1]
        candidates = {
            other
            for pair in rarest
            if len(index[pair]) <= CROWD
            for other in index[pair]
        }
        if wanted is not None and number not in wanted:
            candidates &= wanted
        for other in sorted(candidates):
            shared = len(pairs & sets[other])
            alike = 2 * shared / (len(pairs) + len(sets[other]))
            if alike >= minimum:
                yield other, number, alike
        for pair in rarest:
            index[pair].append(number)


def without_series(pairs):
    """Leave out the pairs of ids that are alike with more than MANY others.

    :param pairs: ``{(id, larger id): similarity}``

    >>> series = {(1, other): 0.9 for other in range(2, 30)}
    >>> without_series({**series, (30, 31): 0.8})
    {(30, 31): 0.8}
    """
    others = Counter(number for pair in pairs for number in pair)
    return {
        pair: alike
        for pair, alike in pairs.items()
        if max(others[number] for number in pair) <= MANY
    }


def score(same_vat=False, same_phone=False, alike=0.0):
    """How surely two contacts are one, in percent; each sign lessens the doubt.

    >>> score(same_vat=True), score(same_phone=True), score(alike=1.0)
    (95, 60, 80)
    >>> score(same_phone=True, alike=0.8)
    82
    >>> score()
    0
    """
    doubt = (0.05 if same_vat else 1) * (0.4 if same_phone else 1)
    if alike >= ALIKE:
        # 0.75 is worth 50, 1 is worth 80
        doubt *= 1 - (0.5 + (alike - ALIKE) * 1.2)
    return round(100 * (1 - doubt))
