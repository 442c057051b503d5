"""How cards look, and how text is put on them: the templates and CSS of the two note types, and Anki's own syntax."""
