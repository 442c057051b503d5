"""The writers: each turns a finished model into the bytes of one output, and knows nothing of the others."""
