"""For the author's day: what stands beside the main flow, which never imports it."""
