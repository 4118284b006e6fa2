# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""Two quantities of one thing, without a fixed relation: 20 head weigh 1,873.5 kg.

The base quantity (kg) is what the platform keeps, the auxiliary quantity (head) stands
beside it. The nominal ratio tells how many base units one auxiliary unit holds on
average; how far a pair may be off is the tolerance, in percent of the ratio.
"""

EPSILON = 1e-9


def deviation(base: float, aux: float, ratio: float) -> float:
    """How far a pair of quantities is off its nominal ratio, in percent.

    >>> deviation(1900, 20, 100) < -4.9, deviation(150, 1, 100)
    (True, 50.0)
    >>> deviation(100, 0, 100)
    inf
    """
    if not aux:
        return float("inf") if base else 0.0
    return (base / aux / ratio - 1) * 100


def is_within(base: float, aux: float, ratio: float, tolerance: float) -> bool:
    """Whether a pair of quantities is as far off as it may be.

    >>> is_within(1873.5, 20, 95, 5), is_within(1873.5, 18, 95, 5)
    (True, False)
    >>> is_within(0, 0, 95, 5), is_within(0, 20, 95, 5), is_within(-95, -1, 95, 0)
    (True, False, True)
    """
    return abs(deviation(base, aux, ratio)) <= tolerance + EPSILON


def follow(base, aux, ratio, tolerance, rate=None) -> float:
    """The auxiliary quantity beside a base quantity that has changed.

    A weight corrected within the tolerance is still of the same pieces; beyond it, it
    is another amount.

    >>> follow(1900, 20, 95, 5), follow(1000, 20, 100, 5), follow(500, 0, 100, 5)
    (20, 10.0, 5.0)
    >>> follow(500, 0, 100, 5, rate=1 / 125)
    4.0

    :param rate: auxiliary units in one base unit, where it is known better than by the
        nominal ratio
    """
    if not base or not ratio:
        return 0.0
    if aux and is_within(base, aux, ratio, tolerance):
        return aux
    return base * rate if rate is not None else base / ratio
