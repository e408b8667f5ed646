"""Reads a value change dump by the library pyvcd, and prints what moved and what stages did.

A line an end of an edge, in the form of --trace (scope,end,cycle ranges), then a line a
stage and state (scope,state,cycles).
"""
import collections
import sys

from vcd.reader import TokenKind, tokenize

names, scope, values, began, at = {}, [], {}, {}, 0
moves = collections.defaultdict(list)  # by scope and end: ranges
states = collections.defaultdict(lambda: collections.defaultdict(int))
ends = {}  # by scope and end: whether a beat moves now, since when


def settle():
    """Notes what began or ended with the changes of this time."""
    for (where, end) in list(ends):
        now = values.get((where, end + "valid")) == "1" and values.get((where, end + "ready")) == "1"
        since = ends[where, end]
        if now and since is None:
            ends[where, end] = at
        elif not now and since is not None:
            moves[where, end].append((since, at - 1))
            ends[where, end] = None


with open(sys.argv[1], "rb") as f:
    for token in tokenize(f):
        kind = token.kind
        if kind is TokenKind.SCOPE:
            scope.append(token.scope.ident)
        elif kind is TokenKind.UPSCOPE:
            scope.pop()
        elif kind is TokenKind.VAR:
            where, name = ".".join(scope[1:]), token.var.reference
            names[token.var.id_code] = where, name
            if name.endswith("valid"):
                ends[where, name[: -len("valid")]] = None
        elif kind is TokenKind.CHANGE_TIME:
            settle()
            at = token.time_change
        elif kind in (TokenKind.CHANGE_SCALAR, TokenKind.CHANGE_VECTOR, TokenKind.CHANGE_STRING):
            change = token.data
            key = names[change.id_code]
            value = format(change.value, "b") if isinstance(change.value, int) else change.value
            if key[1] == "state":
                if key in began:
                    states[key[0]][values[key]] += at - began[key]
                began[key] = at
            values[key] = value
settle()
for (where, end), since in ends.items():
    if since is not None and since < at:
        moves[where, end].append((since, at - 1))
    text = ";".join(str(a) if a == b else f"{a}-{b}" for a, b in moves[where, end])
    print(f"{where},{end.rstrip('_') or 'move'},{text}")
for (where, _), since in began.items():
    states[where][values[where, "state"]] += at - since
for where in states:
    for state, cycles in states[where].items():
        print(f"{where},{state},{cycles}")
