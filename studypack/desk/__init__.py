"""What makes an author's day pleasant, beside the main flow, which knows nothing of it."""
