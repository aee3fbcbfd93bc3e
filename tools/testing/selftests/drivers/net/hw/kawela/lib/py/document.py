# SPDX-License-Identifier: GPL-2.0-only
"""The examples in a document: literal blocks with commands and what these print.

    $ a command on the host
    what it prints: each line as it is, "..." standing for anything, in this order;
    other lines may come in between
    $ one that is refused
    Error: with what it says
    guest$ a command in a guest with VF 0

A comment ".. not run: REASON" goes for the next literal block. Each has commands or that.
"""

import re
import textwrap

from net.lib.py import KsftFailEx

PROMPTS = ("$ ", "guest$ ")


class Command:
    """One line of an example, and what it prints."""

    def __init__(self, prompt, line):
        self.prompt, self.line, self.output = prompt, line, []

    @property
    def fails(self):
        return any(line.startswith("Error:") for line in self.output)

    def check(self, ret, text):
        """Compare with what it did."""
        if bool(ret) != self.fails:
            raise KsftFailEx(f"'{self.line}' gave {ret}: {text.strip()}")
        rest = iter([line.strip() for line in text.splitlines()])
        for shown in self.output:
            pattern = ".*".join(re.escape(part) for part in shown.split("..."))
            if not any(re.fullmatch(pattern, line) for line in rest):
                raise KsftFailEx(f"'{self.line}' does not print '{shown}': {text.strip()}")


class Example:
    """A literal block."""

    def __init__(self, section, line, reason):
        self.section, self.line, self.reason = section, line, reason
        self.commands = []

    def add(self, text):
        for prompt in PROMPTS:
            if text.startswith(prompt):
                self.commands.append(Command(prompt, text[len(prompt):]))
                return
        if self.commands:
            self.commands[-1].output.append(text.strip())

    def set_text(self, lines):
        for text in textwrap.dedent("\n".join(lines)).splitlines():
            if text.strip():
                self.add(text)


def indent(line):
    return len(line) - len(line.lstrip())


def paragraph(lines, start, margin):
    """Number of the first line after start, blank ones aside, that is not further right."""
    end = start
    while end < len(lines) and (not lines[end].strip() or indent(lines[end]) > margin):
        end += 1
    return end


def examples(path):
    """All literal blocks of a document."""
    with open(path, encoding="utf-8") as file:
        lines = file.read().splitlines()
    found, section, reason, number = [], "", "", 0
    while number < len(lines):
        line = lines[number]
        end = number + 1
        if re.fullmatch(r"([=\-~])\1{3,}", line) and number:
            section = lines[number - 1]
        elif line.startswith(".. not run:"):
            end = paragraph(lines, end, 0)
            reason = " ".join(" ".join([line[11:], *lines[number + 1:end]]).split())
        elif line.endswith("::") and not line.lstrip().startswith(".."):
            end = paragraph(lines, end, indent(line))
            found.append(Example(section, number + 1, reason))
            found[-1].set_text(lines[number + 1:end])
            reason = ""
        number = end
    return found
