"""Reads two waveforms by the library of Surfer (pywellen), and prints what differs, then how many signals and
changes were compared. Words of an enumeration are compared as words, numbers as bits.
"""
import sys

import pywellen


def signals(path):
    found = {}
    for var in pywellen.Waveform(path).all_vars():
        named = var.enum_type  # its name, and the words by bits
        words = {int(bits, 2): word for bits, word in named[1]} if named else None
        shown = lambda v: (words.get(v, v) if words else format(v, "b")) if isinstance(v, int) else v.lstrip("0") or "0"
        changes = []
        for at, value in var.tv:
            value = shown(value)
            if not changes or changes[-1][1] != value:  # a dump may say again what is so
                changes.append((at, value))
        found[var.full_name] = changes
    return found


one, other = signals(sys.argv[1]), signals(sys.argv[2])
for name in sorted(one.keys() | other.keys()):
    a, b = one.get(name), other.get(name)
    if a != b:
        print(name, "first differs in", next((pair for pair in zip(a or [], b or []) if pair[0] != pair[1]), "how long it is"))
print(len(one), "signals,", sum(map(len, one.values())), "changes")
