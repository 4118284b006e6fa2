# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""ABC classes: few products make most of the value."""


def classify(values, share_a=80, share_b=95):
    """Return the class of each key by its share of the total, largest first.

    A product is in A when those before it have not reached ``share_a`` percent of the
    total yet, in B up to ``share_b`` percent, else in C; what is worth nothing is in C.

    :param values: {key: value}
    :return: {key: "a" | "b" | "c"}

    >>> classify({"wine": 700, "beer": 200, "tea": 70, "salt": 30, "jar": 0})
    {'wine': 'a', 'beer': 'a', 'tea': 'b', 'salt': 'c', 'jar': 'c'}
    >>> classify({"only": 5}), classify({"none": 0})
    ({'only': 'a'}, {'none': 'c'})
    """
    total = sum(value for value in values.values() if value > 0)
    classes, before = {}, 0
    for key, value in sorted(values.items(), key=lambda item: -item[1]):
        if value <= 0:
            classes[key] = "c"
            continue
        percent = 100 * before / total
        classes[key] = "a" if percent < share_a else "b" if percent < share_b else "c"
        before += value
    return classes
