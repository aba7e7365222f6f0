"""The lead's side of a campaign: its board, its questionnaires, its opening."""
