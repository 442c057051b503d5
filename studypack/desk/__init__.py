"""What is for the author's day, beside the way from guide to pack: watching, looking at, handing over."""
