"""Tag rhetorical markers in news and release what people made of them."""
