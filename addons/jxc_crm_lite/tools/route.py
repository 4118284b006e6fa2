# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl.html).
"""The shortest way past some customers, as the crow flies."""

from math import asin, cos, radians, sin, sqrt

EARTH_KM = 6371.0
#: beyond this many points improving the way would take too long
MOST_IMPROVED = 150


def distance(a, b):
    """Return the kilometres between two points (latitude, longitude).

    >>> round(distance((29.8683, 121.5440), (30.2741, 120.1551)))  # Ningbo, Hangzhou
    141
    """
    (lat_a, lon_a), (lat_b, lon_b) = ((radians(x), radians(y)) for x, y in (a, b))
    part = sin((lat_b - lat_a) / 2) ** 2
    part += cos(lat_a) * cos(lat_b) * sin((lon_b - lon_a) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(part)))


def length(points, start=None):
    """Return the kilometres from the start past all points."""
    way = [start, *points] if start else list(points)
    return sum(distance(a, b) for a, b in zip(way, way[1:], strict=False))


def order(points, start=None):
    """Return the indexes of points in the order of a short way from the start.

    The nearest one next, then loops are taken out as long as that shortens the way. It
    is never longer than the order given.

    >>> order([(30.0, 120.3), (30.0, 120.1), (30.0, 120.2)], (30.0, 120.0))
    [1, 2, 0]
    >>> order([])
    []
    """
    left = list(range(len(points)))
    if not left:
        return []
    here = start
    if here is None:
        here = points[left[0]]
    way = []
    while left:
        nearest = min(left, key=lambda index: (distance(here, points[index]), index))
        left.remove(nearest)
        way.append(nearest)
        here = points[nearest]

    def whole(way):
        return length([points[index] for index in way], start)

    way = min(way, list(range(len(points))), key=whole)
    improved = len(way) <= MOST_IMPROVED
    while improved:
        improved = False
        for i in range(len(way) - 1):
            for j in range(i + 2, len(way) + 1):
                if _gain(points, way, i, j, start) > 1e-9:
                    way[i:j] = way[i:j][::-1]
                    improved = True
    return way


def _gain(points, way, i, j, start):
    """Kilometres saved by going the part from i to j the other way round."""
    before = points[way[i - 1]] if i else start
    after = points[way[j]] if j < len(way) else None
    first, last = points[way[i]], points[way[j - 1]]
    saved = 0.0
    if before:
        saved += distance(before, first) - distance(before, last)
    if after:
        saved += distance(last, after) - distance(first, after)
    return saved
