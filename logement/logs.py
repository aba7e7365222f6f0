"""The lines of the journal: what happened and where, never what was written nor by whom.

An exception is told by its kinds and the places it went through, not by its words: they often quote a value (« Key
(email)=(…) already exists »). A request is told by its route, not by its address: some addresses hold a secret.
"""

import json
import logging
import re
import time
import traceback
import uuid
from contextvars import ContextVar
from datetime import UTC, datetime

logger = logging.getLogger(__name__)
request_key = ContextVar("request_key", default="")
KEY = re.compile(r"[\w-]{8,64}", re.ASCII)  # what a proxy may give; anything else is replaced


class Discreet(logging.Formatter):
    def format(self, record):
        record.exc_text = None  # another formatter may have kept its own
        try:
            return super().format(record)
        finally:
            record.exc_text = None

    def formatException(self, ei):  # noqa: N802  the name that logging gives it
        return "\n".join(places(ei[1]))


class JsonLines(Discreet):
    """One object a line, for whatever collects them."""

    def format(self, record):
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if key := request_key.get():
            line["request"] = key
        line |= getattr(record, "facts", {})
        if record.exc_info:
            line["exception"] = places(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def places(error):
    """« KeyError » then « views.py:12 in save », of an exception and of those that led to it, the first one first."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    frames = traceback.extract_tb(error.__traceback__)
    told = [f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
    return [*(places(cause) if cause else ()), type(error).__qualname__, *told]


def hide_address(record):
    """A filter: what Django says of a request by its path is said by its route."""
    if (request := getattr(record, "request", None)) is not None and isinstance(record.args, tuple):
        path = getattr(request, "path", None)
        record.args = tuple(route_of(request) if each == path else each for each in record.args)
    return True


def route_of(request):
    match = getattr(request, "resolver_match", None)
    return match.route if match else "(unknown)"


def follow_requests(get_response):
    """A middleware: a key for each request, that its lines carry and its answer gives back; one line when it ends."""

    def answer(request):
        given = request.headers.get("X-Request-ID", "")
        key = given if KEY.fullmatch(given) else uuid.uuid4().hex
        token, start = request_key.set(key), time.perf_counter()
        try:
            response = get_response(request)
            facts = {
                "method": request.method,
                "route": route_of(request),
                "status": response.status_code,
                "ms": round((time.perf_counter() - start) * 1000),
            }
            logger.info("%(method)s %(route)s %(status)s %(ms)s ms", facts, extra={"facts": facts})
            response["X-Request-ID"] = key
            return response
        finally:
            request_key.reset(token)

    return answer
