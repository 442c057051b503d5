"""Cards to print and cut apart: questions on the front, their answers on the back."""
