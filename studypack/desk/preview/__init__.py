"""`studypack preview`: a page that shows each card as Anki will, beside its lines of the guide."""
