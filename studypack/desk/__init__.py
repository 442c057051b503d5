"""The author's desk: what makes the day of one who writes a guide pleasant. The main flow never imports it."""
