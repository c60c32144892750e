"""How a module uses its regular expressions: which methods it calls on each name, also by way of other names.

A pattern in a tuple or a table is called by the name of a loop, a parameter or a function that returns it; such names
are followed within a module. Equal names in different functions count as one: a pattern may be given a method that is
never called on it, but every call in the module is found.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

METHODS = frozenset(("search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer"))
HANDS_ON = frozenset(("items", "values", "get", "zip", "enumerate", "reversed", "sorted", "next", "iter", "tuple"))
"""Functions and methods that return what they are given or a part of it."""


def called_methods(path: Path) -> dict[str, frozenset[str]]:
    """The methods that a module's file calls, by the module's name of the pattern or of its tuple, list or table."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    sources: dict[str, set[str]] = {}
    for target, source in _bindings(nodes):
        sources.setdefault(target, set()).update(source)
    found: dict[str, set[str]] = {}
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr in METHODS:
            for name in _origins(_names(node.value), sources):
                found.setdefault(name, set()).add(node.attr)
    return {name: frozenset(methods) for name, methods in found.items()}


def inline_patterns(path: Path) -> Iterator[tuple[str, str]]:
    """(method, pattern) of a file's calls such as `re.sub(r"...", ...)`, whose pattern is written in the call."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in METHODS
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and isinstance(node.args[0], ast.Constant)
            and isinstance(node.args[0].value, str)
        ):
            yield node.func.attr, node.args[0].value


def _bindings(nodes: list[ast.AST]) -> Iterator[tuple[str, set[str]]]:
    """(name, names it may stand for) of all assignments, loops, arguments and returned values."""
    functions = {node.name: node for node in nodes if isinstance(node, ast.FunctionDef)}
    for node in nodes:
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    yield from ((name, _names(value)) for name in _names(target))
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
                yield from ((name, _names(value)) for name in _names(target))
            case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
                yield from ((name, _names(value)) for name in _names(target))
            case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if name in functions:
                arguments = functions[name].args
                named = (*arguments.posonlyargs, *arguments.args)
                yield from ((one.arg, _names(value)) for one, value in zip(named, args, strict=False))
                yield from ((one.arg, _names(one.value)) for one in keywords if one.arg)
            case ast.FunctionDef(name=name):
                for inner in ast.walk(node):
                    if isinstance(inner, ast.Return | ast.Yield) and inner.value:
                        yield name, _names(inner.value)


def _names(node: ast.expr) -> set[str]:
    """The names whose value, or a part of it, an expression may have."""
    match node:
        case ast.Name(id=name):
            return {name}
        case ast.Attribute(value=value, attr=name):
            return {name} if isinstance(value, ast.Name) else {name, *_names(value)}
        case ast.Subscript(value=value) | ast.Starred(value=value):
            return _names(value)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.BoolOp(values=parts):
            return {name for part in parts for name in _names(part)}
        case ast.Dict(values=parts):
            return {name for part in parts for name in _names(part)}
        case ast.IfExp(body=one, orelse=other):
            return _names(one) | _names(other)
        case ast.GeneratorExp(elt=one) | ast.ListComp(elt=one) | ast.SetComp(elt=one) | ast.DictComp(value=one):
            return _names(one)
        case ast.Call(func=ast.Attribute(value=value, attr=name)) if name in HANDS_ON:
            return _names(value)
        case ast.Call(func=ast.Name(id=name), args=args):
            return {found for one in args for found in _names(one)} if name in HANDS_ON else {name}
        case ast.Call(func=ast.Attribute(attr=name)):
            return {name} if name not in METHODS else set()
    return set()


def _origins(names: set[str], sources: dict[str, set[str]]) -> set[str]:
    """These names and all that they may stand for."""
    found: set[str] = set()
    while names:
        found |= names
        names = {source for name in names for source in sources.get(name, ())} - found
    return found
