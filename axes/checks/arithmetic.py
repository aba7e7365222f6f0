"""Rounded percentages and the whole counts that they allow. Pure."""

from decimal import ROUND_CEILING, Decimal

from logement.numbers import round_half_up


def counts_for(percent, base, places=0):
    """(least, most): the whole counts on `base` that print as this percentage, half rounded up; None if there is none.

    12,5 % prints 13 %: 7 on 56 is in `counts_for(13, 56)` and not in `counts_for(12, 56)`.
    """
    half = Decimal(5).scaleb(-places - 1)
    least, beyond = (
        int((bound * base / 100).to_integral_value(ROUND_CEILING))
        for bound in (percent - half, percent + half)
    )
    return (max(least, 0), beyond - 1) if max(least, 0) < beyond else None


def can_share(percents, base, places=0):
    """Whether whole counts that add up to `base` can print as these percentages."""
    ranges = [counts_for(percent, base, places) for percent in percents]
    if None in ranges:
        return False
    return sum(least for least, _ in ranges) <= base <= sum(most for _, most in ranges)


def may_be_rounded(percents, places=0):
    """Whether shares that add up to 100 can print as these percentages, whatever their base."""
    half = Decimal(5).scaleb(-places - 1)
    least = sum(max(percent - half, 0) for percent in percents)
    return least <= 100 < sum(percent + half for percent in percents)


def neighbours(percent, base):
    """[(count, percentage that it prints)] around a percentage that no count on `base` prints."""
    below = int(percent * base / 100)
    return [
        (count, round_half_up(Decimal(count) * 100 / base)) for count in (below, below + 1) if count <= base
    ]
