"""An export of an exercise, amended in Word by a colleague: what it says otherwise, and what is accepted of it.

found = Amended(report)         # report.compared_to is the exercise
found.differences               # of a line or a text, to accept or leave one by one
found.notices                   # French sentences: what the document changes that is not taken this way
save_amended(report=report, by=user)

Spaces and apostrophes are those of the print and make no difference; nor does what the application changed since. A
paragraph that the document leaves as it was keeps today's words, figures and marks.
"""

from axes.imports.amended.comparison import Amended
from axes.imports.amended.saving import save_amended

__all__ = ["Amended", "save_amended"]
