"""A whole report in the structure of the JSON file, read and checked (`reading`), then written as rows (`writing`)."""

from axes.imports.errors import ReportFileError
from axes.imports.fields import read_json
from axes.imports.reading import read_report
from axes.imports.writing import load_report, write_report

__all__ = ["ReportFileError", "load_report", "read_json", "read_report", "write_report"]
