"""The figures counted again, by hand, from lists of rows: what the queries are compared with."""

from datetime import timedelta


def days(period):
    return [period.start + timedelta(days=n) for n in range((period.end - period.start).days + 1)]


def is_followed(support, day):
    """Whether the household is in support on that day, those of entry and exit included."""
    return (
        support.entered_on is not None
        and support.entered_on <= day
        and (support.exited_on is None or support.exited_on >= day)
    )


def most_at_once(supports, period):
    return max(sum(is_followed(support, day) for support in supports) for day in days(period))
