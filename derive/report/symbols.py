"""The allow-list of mathematical symbols: LaTeX command to Unicode character, one entry a symbol.

A symbol that is not here is not printed as mathematics.  Everything the printers need to know of
a symbol (its LaTeX spelling, the character for Typst and HTML, whether a line may break before
it) is in these tables.
"""

from collections.abc import Mapping
from types import MappingProxyType

_GREEK = {
    "alpha": "α",
    "beta": "β",
    "gamma": "γ",
    "delta": "δ",
    "epsilon": "ϵ",
    "varepsilon": "ε",
    "zeta": "ζ",
    "eta": "η",
    "theta": "θ",
    "vartheta": "ϑ",
    "iota": "ι",
    "kappa": "κ",
    "lambda": "λ",
    "mu": "μ",
    "nu": "ν",
    "xi": "ξ",
    "pi": "π",
    "rho": "ρ",
    "sigma": "σ",
    "varsigma": "ς",
    "tau": "τ",
    "upsilon": "υ",
    "phi": "ϕ",
    "varphi": "φ",
    "chi": "χ",
    "psi": "ψ",
    "omega": "ω",
    "Gamma": "Γ",
    "Delta": "Δ",
    "Theta": "Θ",
    "Lambda": "Λ",
    "Xi": "Ξ",
    "Pi": "Π",
    "Sigma": "Σ",
    "Upsilon": "Υ",
    "Phi": "Φ",
    "Psi": "Ψ",
    "Omega": "Ω",
}

_RELATIONS = {
    "ne": "≠",
    "neq": "≠",
    "le": "≤",
    "leq": "≤",
    "ge": "≥",
    "geq": "≥",
    "ll": "≪",
    "gg": "≫",
    "equiv": "≡",
    "approx": "≈",
    "sim": "∼",
    "simeq": "≃",
    "cong": "≅",
    "propto": "∝",
    "in": "∈",
    "notin": "∉",
    "ni": "∋",
    "subset": "⊂",
    "subseteq": "⊆",
    "supset": "⊃",
    "supseteq": "⊇",
    "mid": "∣",
    "parallel": "∥",
    "perp": "⊥",
    "to": "→",
    "rightarrow": "→",
    "leftarrow": "←",
    "gets": "←",
    "mapsto": "↦",
    "Rightarrow": "⇒",
    "Leftarrow": "⇐",
    "Leftrightarrow": "⇔",
    "leftrightarrow": "↔",
    "implies": "⟹",
    "iff": "⟺",
    "longrightarrow": "⟶",
}

_BINARY = {
    "pm": "±",
    "mp": "∓",
    "times": "×",
    "div": "÷",
    "cdot": "⋅",
    "ast": "∗",
    "star": "⋆",
    "circ": "∘",
    "bullet": "•",
    "odot": "⊙",
    "oplus": "⊕",
    "otimes": "⊗",
    "ominus": "⊖",
    "cup": "∪",
    "cap": "∩",
    "setminus": "∖",
    "wedge": "∧",
    "land": "∧",
    "vee": "∨",
    "lor": "∨",
}

_BIG = {"sum": "∑", "prod": "∏", "int": "∫", "bigcup": "⋃", "bigcap": "⋂"}

_ORDINARY = {
    "partial": "∂",
    "nabla": "∇",
    "infty": "∞",
    "forall": "∀",
    "exists": "∃",
    "neg": "¬",
    "lnot": "¬",
    "emptyset": "∅",
    "ell": "ℓ",
    "hbar": "ℏ",
    "Re": "ℜ",
    "Im": "ℑ",
    "top": "⊤",
    "bot": "⊥",
    "prime": "′",
    "dagger": "†",
    "ldots": "…",
    "dots": "…",
    "dotsc": "…",
    "cdots": "⋯",
    "dotsb": "⋯",
    "vdots": "⋮",
    "ddots": "⋱",
    "colon": ":",
}

#: Delimiters by their LaTeX spelling; the keys with letters are commands.
DELIMITERS: Mapping[str, str] = MappingProxyType(
    {
        "(": "(",
        ")": ")",
        "[": "[",
        "]": "]",
        "|": "|",
        "/": "/",
        "<": "⟨",
        ">": "⟩",
        "{": "{",
        "}": "}",
        "lbrace": "{",
        "rbrace": "}",
        "lbrack": "[",
        "rbrack": "]",
        "Vert": "‖",
        "lVert": "‖",
        "rVert": "‖",
        "vert": "|",
        "lvert": "|",
        "rvert": "|",
        "langle": "⟨",
        "rangle": "⟩",
        "lfloor": "⌊",
        "rfloor": "⌋",
        "lceil": "⌈",
        "rceil": "⌉",
    }
)

#: Commands for one symbol each, with the character that shows it.
SYMBOLS: Mapping[str, str] = MappingProxyType(
    {**_GREEK, **_RELATIONS, **_BINARY, **_BIG, **_ORDINARY}
)

#: The first command for each character.
COMMANDS: Mapping[str, str] = MappingProxyType(
    {character: name for name, character in tuple(SYMBOLS.items())[::-1]}
)

#: A line may break before these.
BREAKS: frozenset[str] = frozenset(
    {"+", "-", "=", "<", ">", ":="} | _RELATIONS.keys() | _BINARY.keys()
) - {"mid", "parallel", "in", "notin", "cdot", "circ", "ast"}

#: Relations, before which a line breaks more readily than before a plus.
RELATIONS: frozenset[str] = frozenset({"=", "<", ">", ":="} | _RELATIONS.keys())

#: Big operators, which carry their limits above and below in a display.
BIG: frozenset[str] = frozenset(_BIG)

#: Functions with an upright name that LaTeX knows, True where limits go below in a display.
OPERATORS: Mapping[str, bool] = MappingProxyType(
    {
        "exp": False,
        "ln": False,
        "log": False,
        "sin": False,
        "cos": False,
        "tan": False,
        "sinh": False,
        "cosh": False,
        "tanh": False,
        "arctan": False,
        "arcsin": False,
        "arccos": False,
        "det": True,
        "dim": False,
        "ker": False,
        "max": True,
        "min": True,
        "sup": True,
        "inf": True,
        "lim": True,
        "arg": False,
        "gcd": True,
        "Pr": True,
    }
)

#: Characters that are mathematics by themselves, as LaTeX and as a character.
SIGNS: Mapping[str, str] = MappingProxyType(
    {
        "+": "+",
        "-": "−",
        "=": "=",
        "<": "<",
        ">": ">",
        ":": ":",
        ":=": "≔",
        ",": ",",
        ";": ";",
        ".": ".",
        "!": "!",
        "?": "?",
        "/": "/",
        "|": "|",
        "(": "(",
        ")": ")",
        "[": "[",
        "]": "]",
        "*": "∗",
        r"\|": "‖",
        r"\{": "{",
        r"\}": "}",
        r"\langle": "⟨",
        r"\rangle": "⟩",
        r"\lfloor": "⌊",
        r"\rfloor": "⌋",
        r"\lceil": "⌈",
        r"\rceil": "⌉",
    }
)

#: Spaces by their LaTeX spelling, in em.
SPACES: Mapping[str, float] = MappingProxyType(
    {
        ",": 0.17,
        ":": 0.22,
        ";": 0.28,
        "!": -0.17,
        " ": 0.28,
        "quad": 1.0,
        "qquad": 2.0,
        "enspace": 0.5,
    }
)

#: Alphabets: LaTeX command to Typst functions, outermost first.
ALPHABETS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "mathbf": ("bold", "upright"),
        "boldsymbol": ("bold",),
        "mathrm": ("upright",),
        "mathit": ("italic",),
        "mathcal": ("cal",),
        "mathbb": ("bb",),
        "mathsf": ("sans",),
        "mathtt": ("mono",),
    }
)

#: Other spellings of the alphabets.
ALPHABET_ALIASES: Mapping[str, str] = MappingProxyType(
    {"bm": "boldsymbol", "bold": "mathbf", "mathds": "mathbb", "mathbbm": "mathbb"}
)

#: Accents: LaTeX command to Typst function.
ACCENTS: Mapping[str, str] = MappingProxyType(
    {
        "hat": "hat",
        "widehat": "hat",
        "bar": "macron",
        "overline": "overline",
        "underline": "underline",
        "tilde": "tilde",
        "widetilde": "tilde",
        "dot": "dot",
        "ddot": "dot.double",
        "vec": "arrow",
        "check": "caron",
        "breve": "breve",
        "mathring": "circle",
    }
)

#: The delimiters of a matrix environment.
MATRICES: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "matrix": ("", ""),
        "array": ("", ""),
        "pmatrix": ("(", ")"),
        "bmatrix": ("[", "]"),
        "Bmatrix": ("{", "}"),
        "vmatrix": ("|", "|"),
        "Vmatrix": ("Vert", "Vert"),
        "smallmatrix": ("", ""),
    }
)
