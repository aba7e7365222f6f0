"""Which indicator of the plan an imported figure is a value of: proposed where label, unit and action are the same."""

from difflib import SequenceMatcher

from axes.imports.headings import folded
from axes.models import Indicator

ALIKE = 0.6  # how near a label must be of another to be offered


class Series:
    """The indicators of a territory, by what they count. One query."""

    def __init__(self, territory):
        held = Indicator.objects.filter(territory=territory).select_related("action")
        self.indicators = list(held.order_by("code"))
        self.same = {}
        for indicator in self.indicators:
            action = indicator.action.label if indicator.action else ""
            self.same.setdefault((folded(action), folded(indicator.label), indicator.unit), indicator)
        self.by_code = {indicator.code: indicator for indicator in self.indicators}

    def proposed(self, figure, action):
        """The Indicator that counts the same in the same action (its title, "" for none), or None."""
        return self.same.get((folded(action), folded(figure.label), figure.unit))

    def near(self, figure):
        """Those in the same unit whose label is alike, nearest first."""
        label = folded(figure.label)
        ratios = (
            (SequenceMatcher(None, label, folded(one.label), autojunk=False).ratio(), one)
            for one in self.indicators
            if one.unit == figure.unit
        )
        found = sorted(ratios, key=lambda pair: pair[0], reverse=True)
        return [indicator for ratio, indicator in found if ratio >= ALIKE]
