"""Reading without a parse: words and figures as lexemes of a class, and rules over the classes."""
