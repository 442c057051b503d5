"""studypack: one Markdown guide in; an Anki deck, a cheat sheet and a comparison matrix out."""

__version__ = "0.1.0"
