"""Gathering the claims of the topic modules, in the order of the parts."""

import importlib
import pkgutil
import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType, ModuleType

import sympy

from derive.claim import Claim

#: The lettered parts that the catalogue covers, in order, with their titles.
PART_TITLES: Mapping[str, str] = MappingProxyType(
    {
        "1a": "Derivative of the rectifier",
        "1b": "Derivative of the sigmoid",
        "1c": "The sigmoid by the hyperbolic tangent",
        "1d": "The logarithm of the sigmoid",
        "1e": "A difference of softplus functions",
        "1f": "The sign by indicators",
        "1g": "Gradient of the squared 2-norm",
        "1h": "Gradient of the 1-norm",
        "1i": "Softmax under scaling",
        "1j": "Softmax under translation",
        "1k": "Partial derivatives of the softmax",
        "1l": "Jacobian of the softmax",
        "1m": "Vector-Jacobian products and their cost",
        "2a": "The hidden layer",
        "2b": "The output layer",
        "2c": "The softmax outputs",
        "2d": "Cross-entropy",
        "2e": "Parameters, empirical risk, regularised objective",
        "2f": "The gradient step",
        "2g": "Gradient by the scores",
        "2h": "Gradients of the output layer, entry by entry",
        "2i": "Gradients of the output layer, as arrays",
        "2j": "Gradient by the hidden units, entry by entry",
        "2k": "Gradient by the hidden units, as a vector",
        "2l": "Gradient before the activation, entry by entry",
        "2m": "Gradient before the activation, as a vector",
        "2n": "Gradients of the hidden layer, entry by entry",
        "2o": "Gradients of the hidden layer, as arrays",
        "2p": "Gradient by the input",
        "3a": "Sizes after convolution and pooling",
        "3b": "Parameter counts of a convolutional network",
        "3c": "Kernels and strides: padding 0, dilation 1",
        "3d": "Kernels and strides: padding 1, dilation 2",
        "3e": "Kernels and strides: padding 1, dilation 1",
    }
)
PARTS = tuple(PART_TITLES)

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


class CatalogueError(ValueError):
    """A declaration that the catalogue can't hold; the message names the module and the claim."""


def topic_modules(package: str, path: Iterable[str]) -> tuple[ModuleType, ...]:
    """Import every module of the package, in the order of their names.

    SymPy evaluates nothing meanwhile: a claim keeps its form, ``x/x`` its domain, and building
    the catalogue stays fast.
    """
    names = sorted(info.name for info in pkgutil.iter_modules(path))
    with sympy.evaluate(False):
        return tuple(importlib.import_module(f"{package}.{name}") for name in names)


def gather(modules: Iterable[ModuleType]) -> tuple[Claim, ...]:
    """All claims of the modules: by part, then in the order of the modules and of their lines.

    A claim stands in its module under its own name.  Raises ``CatalogueError`` for a name that
    is used twice or is not lower case, for a variable that is called otherwise than its claim,
    for a part that does not exist and for a name that belongs to a module.
    """
    places: dict[str, str] = {}
    found: list[Claim] = []
    modules = tuple(modules)
    for module in modules:
        places[module.__name__.rpartition(".")[2]] = f"the module {module.__name__}"
    for module in modules:
        for variable, claim in vars(module).items():
            if not isinstance(claim, Claim) or any(claim is known for known in found):
                continue
            _check(claim, variable, module.__name__, places)
            places[claim.name] = module.__name__
            found.append(claim)
    return tuple(sorted(found, key=lambda claim: PARTS.index(claim.part)))


def nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Up to three of the known names that look most like ``name``, the best first."""
    return tuple(get_close_matches(name, tuple(known), n=3, cutoff=0.5))


def _check(claim: Claim, variable: str, module: str, places: dict[str, str]) -> None:
    if not _NAME.fullmatch(claim.name):
        raise CatalogueError(
            f"{module}: the claim name {claim.name!r} is not of the form small_words_and_digits; "
            "rename it"
        )
    if variable != claim.name:
        raise CatalogueError(
            f"{module}: the claim {claim.name!r} stands in the variable {variable!r}; "
            "give both the same name"
        )
    if claim.name in places:
        raise CatalogueError(
            f"{module}: the name {claim.name!r} is taken already by {places[claim.name]}; "
            "names are permanent, so choose another for the new claim"
        )
    if claim.part not in PARTS:
        raise CatalogueError(
            f"{module}: the claim {claim.name!r} has part {claim.part!r}; "
            f"parts run from {PARTS[0]} to {PARTS[-1]}"
        )
