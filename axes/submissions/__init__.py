"""The campaign at work: composing and opening it, answering, sending, reviewing, contesting."""
