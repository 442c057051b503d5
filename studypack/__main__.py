"""`python -m studypack` is the command `studypack`."""

from studypack.cli import main

main()
