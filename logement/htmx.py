"""What a page says of an act, when htmx asked for a part of the page only."""

from django.contrib.messages import get_messages
from django.template.loader import render_to_string


def messages_apart(get_response):
    """Adds the messages to a fragment, out of band: they say it now, not on the next whole page.

    An act without any takes away those of the act before.
    """

    def answer(request):
        response = get_response(request)
        is_fragment = response.get("Content-Type", "").startswith("text/html") and not response.streaming
        if request.htmx and request.method == "POST" and is_fragment and response.status_code != 302:
            messages = get_messages(request)
            if not messages.used:
                response.content += render_to_string("_messages_apart.html", {"messages": messages}).encode()
        return response

    return answer
