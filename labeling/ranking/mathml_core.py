"""What is written of MathML Core: its elements, their attributes, and our classes.

Source: https://www.w3.org/TR/mathml-core/. The writer and the sanitiser both hold to it.
"""

PLAIN = (
    *("mrow", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup", "munderover"),
    *("mtr", "mtd", "mn", "mtext", "mspace"),
)
FLAG = {"true", "false"}
STYLED = {"displaystyle": FLAG, "scriptlevel": {"0", "1", "2"}}

# Element to attribute to the values it may have.
ATTRIBUTES: dict[str, dict[str, set[str]]] = {
    **{tag: {} for tag in PLAIN},
    "math": {"display": {"block"}, "dir": {"ltr"}},
    "mstyle": STYLED,
    "mtable": STYLED,
    "munder": {"accentunder": FLAG},
    "mover": {"accent": FLAG},
    "mi": {"mathvariant": {"normal"}},
    "mo": {
        **dict.fromkeys(("stretchy", "fence", "accent", "movablelimits"), FLAG),
        "form": {"prefix", "infix", "postfix"},
    },
}
# Element to how many it must have within.
PARTS = {
    **dict.fromkeys(("mfrac", "mroot", "msub", "msup", "munder", "mover"), 2),
    **dict.fromkeys(("msubsup", "munderover"), 3),
}
# Element to attributes that are a size in em.
SIZES = {
    "mo": {"minsize", "maxsize", "lspace", "rspace"},
    "mfrac": {"linethickness"},
    "mspace": {"width"},
}
# Core leaves to CSS what these say.
CLASSES = {
    "mrow": {"boxed", "struck"},
    "mtext": {"bold", "italic", "monospace"},
    "mtable": {"tight"},
    "mtr": {"ruled"},
    "mtd": {"left", "right", "barred"},
}
