"""The author's desk: what makes the day of one who writes a guide pleasant; the main flow imports nothing of it."""
