"""Tables of LaTeX symbols: a new letter, relation, operator or space is one entry here."""


def _words(text: str) -> list[str]:
    return text.split()


GREEK = frozenset(
    _words(
        """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa
    lambda mu nu xi omicron pi varpi rho varrho sigma varsigma tau upsilon phi varphi chi
    psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
    """
    )
)

# Commands that stand for an object by themselves, like a letter.
LETTER_COMMANDS = frozenset(
    f"\\{name}"
    for name in GREEK
    | frozenset(
        _words(
            """
    ell hbar imath jmath infty emptyset varnothing Re Im wp aleph top bot intercal dagger
    ddagger star ast bullet square Box checkmark
    """
        )
    )
)

# Relations inside chains: spelling -> canonical symbol.
RELATIONS = {
    "=": "=",
    "<": "<",
    ">": ">",
    ":": ":",
    "\\eq": "=",
    "\\lt": "<",
    "\\gt": ">",
    "\\ne": "\\ne",
    "\\neq": "\\ne",
    "\\le": "\\le",
    "\\leq": "\\le",
    "\\leqslant": "\\le",
    "\\ge": "\\ge",
    "\\geq": "\\ge",
    "\\geqslant": "\\ge",
    "\\ll": "\\ll",
    "\\gg": "\\gg",
    "\\equiv": "\\equiv",
    "\\propto": "\\propto",
    "\\approx": "\\approx",
    "\\approxeq": "\\approx",
    "\\simeq": "\\simeq",
    "\\cong": "\\cong",
    "\\sim": "\\sim",
    "\\triangleq": ":=",
    "\\coloneqq": ":=",
    "\\coloneq": ":=",
    "\\doteq": ":=",
    "\\in": "\\in",
    "\\notin": "\\notin",
    "\\ni": "\\ni",
    "\\subset": "\\subset",
    "\\subseteq": "\\subseteq",
    "\\supset": "\\supset",
    "\\supseteq": "\\supseteq",
    "\\leftarrow": "\\leftarrow",
    "\\gets": "\\leftarrow",
    "\\to": "\\to",
    "\\rightarrow": "\\to",
    "\\longrightarrow": "\\to",
    "\\mapsto": "\\mapsto",
    "\\succ": "\\succ",
    "\\succeq": "\\succeq",
    "\\prec": "\\prec",
    "\\preceq": "\\preceq",
    "\\perp": "\\perp",
    "\\parallel": "\\parallel",
    "\\colon": ":",
}

# Two characters next to each other that make one relation.
DOUBLE_RELATIONS = {
    (":", "="): ":=",
    ("=", ":"): "=:",
    ("<", "="): "\\le",
    (">", "="): "\\ge",
    ("!", "="): "\\ne",
}

NEGATED = {"=": "\\ne", "\\in": "\\notin", "\\equiv": "\\not\\equiv", "\\sim": "\\not\\sim"}

# Statements are joined by these, more loosely than by any relation.
CONNECTIVES = {
    "\\implies": "\\Rightarrow",
    "\\Rightarrow": "\\Rightarrow",
    "\\Longrightarrow": "\\Rightarrow",
    "\\impliedby": "\\Leftarrow",
    "\\Leftarrow": "\\Leftarrow",
    "\\Longleftarrow": "\\Leftarrow",
    "\\iff": "\\iff",
    "\\Leftrightarrow": "\\iff",
    "\\Longleftrightarrow": "\\iff",
    "\\therefore": "\\Rightarrow",
    "\\because": "\\Leftarrow",
    "\\land": "\\land",
    "\\wedge": "\\land",
    "\\lor": "\\lor",
    "\\vee": "\\lor",
}

ADDITIVE = {
    "+": "+",
    "-": "-",
    "\\pm": "\\pm",
    "\\mp": "\\mp",
    "\\oplus": "\\oplus",
    "\\ominus": "\\ominus",
    "\\cup": "\\cup",
    "\\cap": "\\cap",
    "\\setminus": "\\setminus",
    "\\backslash": "\\setminus",
}

MULTIPLICATIVE = {
    "*": "*",
    "/": "/",
    "\\cdot": "\\cdot",
    "\\times": "\\times",
    "\\ast": "\\ast",
    "\\star": "\\star",
    "\\div": "/",
    "\\slash": "/",
    "\\odot": "\\odot",
    "\\circ": "\\circ",
    "\\otimes": "\\otimes",
    "\\oslash": "\\oslash",
    "\\bullet": "\\bullet",
    "\\bmod": "\\bmod",
}

OPEN_DELIMITERS = {
    "(": "(",
    "[": "[",
    "\\{": "\\{",
    "\\lbrace": "\\{",
    "\\lbrack": "[",
    "\\langle": "\\langle",
    "\\lfloor": "\\lfloor",
    "\\lceil": "\\lceil",
    "\\lvert": "|",
    "\\lVert": "\\|",
}
CLOSE_DELIMITERS = {
    ")": ")",
    "]": "]",
    "\\}": "\\}",
    "\\rbrace": "\\}",
    "\\rbrack": "]",
    "\\rangle": "\\rangle",
    "\\rfloor": "\\rfloor",
    "\\rceil": "\\rceil",
    "\\rvert": "|",
    "\\rVert": "\\|",
}
BARS = {"|": "|", "\\vert": "|", "\\|": "\\|", "\\Vert": "\\|"}
CLOSED_BY = {
    "(": ")",
    "[": "]",
    "\\{": "\\}",
    "\\langle": "\\rangle",
    "\\lfloor": "\\rfloor",
    "\\lceil": "\\rceil",
    "|": "|",
    "\\|": "\\|",
    "{": "}",
}

# No mark on paper that means anything.
INVISIBLE = frozenset(
    _words(
        r"""
    \, \! \: \; \> \/ \~ ~ \displaystyle \textstyle \scriptstyle \scriptscriptstyle \limits
    \nolimits \nonumber \notag \strut \mathstrut \allowbreak \nobreak \noindent \centering
    \small \footnotesize \normalsize \large \Large \rm \bf \it \cal \sf \hfill \hfil
    \mathord \mathop \mathbin \mathrel \mathopen \mathclose \mathinner \mathpunct
    \thinspace \negthinspace \medspace \thickspace \par \relax \null \hline \protect
    \ensuremath \begingroup \endgroup \enspace \- \boxed \fbox \big \Big \bigg \Bigg \bigl
    \Bigl \biggl \Biggl \bigr \Bigr \biggr \Biggr \bigm \Bigm \biggm \Biggm \mathsurround
    """
    )
) | {"\\ ", "\\\n", "\\\t"}

# Wide spaces separate statements at the top of a display.
WIDE_SPACES = frozenset({"\\quad", "\\qquad"})

# Commands that vanish with so many braced arguments.
VANISHING = {
    "\\label": 1,
    "\\hspace": 1,
    "\\vspace": 1,
    "\\hskip": 0,
    "\\phantom": 1,
    "\\hphantom": 1,
    "\\vphantom": 1,
    "\\color": 1,
    "\\textcolor": 1,
    "\\colorbox": 1,
    "\\cite": 1,
    "\\footnote": 1,
    "\\intertext": 1,
    "\\vcenter": 0,
}

TEXT_COMMANDS = frozenset(
    _words(
        r"""
    \text \mbox \hbox \textrm \textit \textbf \textnormal \textsf \textup
    """
    )
)

# Fonts: command -> name. Letters in the first kind mean the same as plain ones.
NEUTRAL_FONTS = {
    "\\mathbf": "bold",
    "\\boldsymbol": "bold",
    "\\bm": "bold",
    "\\pmb": "bold",
    "\\symbf": "bold",
    "\\mathbfit": "bold",
    "\\vec": "arrow",
    "\\mathrm": "roman",
    "\\mathit": "italic",
    "\\mathnormal": "italic",
    "\\mathsf": "sans",
    "\\mathtt": "mono",
    "\\texttt": "mono",
    "\\operatorname": "roman",
    "\\operatorname*": "roman",
}
MEANINGFUL_FONTS = {
    "\\mathbb": "\\mathbb",
    "\\mathbbm": "\\mathbb",
    "\\mathds": "\\mathbb",
    "\\Bbb": "\\mathbb",
    "\\mathcal": "\\mathcal",
    "\\mathscr": "\\mathscr",
    "\\mathfrak": "\\mathfrak",
}

ACCENTS = {
    "\\hat": "\\hat",
    "\\widehat": "\\hat",
    "\\bar": "\\bar",
    "\\overline": "\\bar",
    "\\tilde": "\\tilde",
    "\\widetilde": "\\tilde",
    "\\check": "\\check",
    "\\breve": "\\breve",
    "\\acute": "\\acute",
    "\\grave": "\\grave",
    "\\mathring": "\\mathring",
    "\\dot": "\\dot",
    "\\ddot": "\\ddot",
    "\\underline": "\\underline",
    "\\overrightarrow": "\\overrightarrow",
}
# Over one letter these are part of its name; the dots may be time derivatives.
NAMING_ACCENTS = frozenset(ACCENTS.values()) - {"\\dot", "\\ddot"}

BIG_OPERATORS = {
    "\\sum": "sum",
    "\\prod": "prod",
    "\\int": "int",
    "\\iint": "iint",
    "\\oint": "oint",
    "\\bigcup": "bigcup",
    "\\bigcap": "bigcap",
    "\\bigoplus": "bigoplus",
    "\\bigotimes": "bigotimes",
    "\\bigwedge": "bigwedge",
    "\\bigvee": "bigvee",
    "\\lim": "lim",
    "\\limsup": "limsup",
    "\\liminf": "liminf",
    "\\argmin": "argmin",
    "\\argmax": "argmax",
}
# These are functions, and big operators as soon as they have a subscript.
EXTREMA = frozenset({"max", "min", "sup", "inf"})
# Words that are big operators with or without a subscript.
OPERATOR_WORDS = frozenset({"argmin", "argmax", "lim"})

# Functions known without a declaration, as commands or as words in \operatorname, \text, \mathrm.
FUNCTIONS = frozenset(
    _words(
        """
    exp log ln lg sin cos tan cot sec csc sinh cosh tanh coth sech arcsin arccos arctan
    arcsinh arccosh arctanh arsinh arcosh artanh erf erfc max min sup inf det tr Tr trace
    diag Diag rank sign sgn relu ReLU softplus softmax sigmoid logit abs vec dim ker gcd
    lcm Pr Var Cov var cov KL logsumexp LSE
    """
    )
)
# Of these, the ones that reach over what follows when no parenthesis does.
PREFIX_FUNCTIONS = frozenset(
    _words(
        """
    exp log ln lg sin cos tan cot sec csc sinh cosh tanh coth sech arcsin arccos arctan
    arcsinh arccosh arctanh arsinh arcosh artanh erf erfc det tr Tr trace rank sign sgn dim
    ker max min sup inf diag
    """
    )
)
# Those with a command of their own.
FUNCTION_COMMANDS = {
    f"\\{word}": word
    for word in _words(
        """
    exp log ln lg sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan max min
    sup inf det dim ker gcd Pr tr Tr diag rank sign sgn softmax
    """
    )
}

DOTS = {
    "\\dots": "horizontal",
    "\\ldots": "horizontal",
    "\\cdots": "horizontal",
    "\\dotsb": "horizontal",
    "\\dotsc": "horizontal",
    "\\dotsm": "horizontal",
    "\\hdots": "horizontal",
    "\\hdotsfor": "horizontal",
    "\\vdots": "vertical",
    "\\ddots": "diagonal",
    "\\iddots": "diagonal",
}

ALIGNMENTS = frozenset(
    _words(
        """
    align aligned alignat alignedat split gather gathered multline eqnarray equation
    displaymath flalign math subequations
    """
    )
)
MATRICES = frozenset(
    _words(
        """
    matrix bmatrix pmatrix Bmatrix vmatrix Vmatrix smallmatrix array psmallmatrix
    bsmallmatrix
    """
    )
)
CASES = frozenset({"cases", "dcases", "rcases"})

UNICODE = {
    "≤": "\\le",
    "≥": "\\ge",
    "≠": "\\ne",
    "≈": "\\approx",
    "≡": "\\equiv",
    "∝": "\\propto",
    "∈": "\\in",
    "∉": "\\notin",
    "⊂": "\\subset",
    "⊆": "\\subseteq",
    "→": "\\to",
    "←": "\\leftarrow",
    "↦": "\\mapsto",
    "⇒": "\\Rightarrow",
    "⇔": "\\iff",
    "×": "\\times",
    "·": "\\cdot",
    "⋅": "\\cdot",
    "∘": "\\circ",
    "⊙": "\\odot",
    "⊗": "\\otimes",
    "±": "\\pm",
    "−": "-",
    "–": "-",
    "∂": "\\partial",
    "∇": "\\nabla",
    "∑": "\\sum",
    "∏": "\\prod",
    "∫": "\\int",
    "∞": "\\infty",
    "ℓ": "\\ell",
    "…": "\\dots",
    "⋯": "\\dots",
    "⋮": "\\vdots",
    "⋱": "\\ddots",
    "⊤": "\\top",
    "‖": "\\|",
    "′": "'",
    "∀": "\\forall",
    "∃": "\\exists",
    "¬": "\\neg",
    "∧": "\\land",
    "∨": "\\lor",
} | dict(
    zip(
        "αβγδεζηθικλμνξπρστυφχψωΓΔΘΛΞΠΣΥΦΨΩ",
        [
            f"\\{name}"
            for name in _words(
                """
    alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma
    tau upsilon phi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi
    Omega
    """
            )
        ],
        strict=True,
    )
)

# Words that begin or join statements; any other words in operand position are a name.
PROSE_WORDS = frozenset(
    _words(
        """
    so then thus hence where if iff for and or when whenever since with otherwise else
    because therefore while let as let's similarly note that such s.t. i.e. e.g. by from
    using given are is we if, and, all every each some not subject over under assuming
    suppose which but also now in
    """
    )
)
