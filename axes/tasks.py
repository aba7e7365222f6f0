"""What the plan does by itself."""

from axes.submissions import messages
from logement import upkeep

upkeep.daily(messages.every_day)
