"""What all PDFs share: HTML and CSS to pages, fonts, blocks as HTML, tables measured, what stands where."""
