"""What is for the author's day: checking, watching, looking, pushing. The main flow never imports it."""
