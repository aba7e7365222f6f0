"""Template tags of the partner's form."""

from django import template

from axes.answer_forms import ReplyForm

register = template.Library()


@register.simple_tag
def reply_form(proposal, replies):
    """The form of the reply to a proposal: as it was typed where it was refused, else empty."""
    return replies.get(proposal.pk) or ReplyForm(prefix=f"p{proposal.pk}")
