#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""bench_test.py - what the bench makes of what it measured."""

import contextlib
import io
import json
import os
import sys
import unittest
import xml.etree.ElementTree

TESTING = os.path.realpath(os.path.join(os.path.dirname(__file__), ".."))
sys.path.insert(0, TESTING + "/bench")

# pylint: disable=wrong-import-position
import bars
import baseline
import chart
import document
import publish
import registers
import report
from figures import Figure

PAGES = os.path.join(TESTING, "../../Documentation/networking/device_drivers/ethernet/intel")
VERSIONS = {"machine": "m <&>", "kernel": "6.12", "qemu": "10"}
SVG = "{http://www.w3.org/2000/svg}"


def figure(name, *rounds, family="60-byte frames", **more):
    return Figure(family, name, "instructions per packet", list(rounds), **more)


def measured(ours=900, stock=1000):
    """A table of two rows, one of which stock has nothing to say about."""
    return report.rows({"stock": [figure("VF to PF", stock)],
                        "kawela": [figure("VF to PF", ours), figure("own", 10)]})


def table(*rows):
    return {"versions": VERSIONS, "rows": list(rows) or measured()}


class Rows(unittest.TestCase):
    """From figures to rows."""

    def test_median_and_spread(self):
        one = figure("x", 100, 300, 102)
        self.assertEqual(one.value, 102)
        self.assertEqual(one.spread, 2)

    def test_no_cost_no_spread(self):
        self.assertEqual(figure("x", 0, 0).spread, 0)

    def test_cannot(self):
        """A row stays, with nothing in it."""
        row = report.rows({"kawela": [figure("x")]})[0]
        self.assertIsNone(row["ratio"])
        self.assertEqual(report.cells(row)[1:], ("-", "-", "-", "-"))

    def test_ratio(self):
        first, second = measured()
        self.assertEqual(first["ratio"], 0.9)
        self.assertIsNone(second["ratio"])

    def test_free_of_charge(self):
        """Nothing can be said by a ratio of what costs stock nothing."""
        self.assertIsNone(measured(ours=1, stock=0)[0]["ratio"])

    def test_free_of_ours(self):
        self.assertEqual(measured(ours=0)[0]["ratio"], 0)

    def test_json(self):
        self.assertEqual(json.loads(report.document(table())), table())

    def test_special(self):
        row = report.rows({"stock": [figure("x", 1000, how="generic", lost=3)]})[0]
        self.assertEqual(report.cells(row)[1:3], ("1000 (generic, 3 lost)", "-"))


class Baseline(unittest.TestCase):
    """Worse or not."""

    @staticmethod
    def worse(before, after):
        return list(baseline.worse(before, after))

    def test_same(self):
        self.assertEqual(self.worse(measured(), measured()), [])

    def test_better(self):
        self.assertEqual(self.worse(measured(), measured(ours=500)), [])

    def test_within(self):
        """Three percent of the ratio, not of stock's."""
        self.assertEqual(self.worse(measured(ours=900), measured(ours=926)), [])

    def test_worse(self):
        found = self.worse(measured(ours=900), measured(ours=928))
        self.assertEqual(found, ["60-byte frames: VF to PF: 0.9, now 0.928"])

    def test_both_worse(self):
        """Another machine: what counts is the ratio."""
        self.assertEqual(self.worse(measured(), measured(ours=1800, stock=2000)), [])

    def test_noise(self):
        """A tenth more of almost nothing is nothing."""
        before, after = measured(ours=0.050, stock=0.020), measured(ours=0.0545, stock=0.020)
        self.assertEqual(self.worse(before, after), [])
        self.assertEqual(len(self.worse(before, measured(ours=0.056, stock=0.020))), 1)

    def test_gone(self):
        self.assertEqual(self.worse(measured(), measured()[:1]),
                         ["60-byte frames: own: 10, and now nothing"])

    def test_own(self):
        """Without one of stock, ours is compared with ours."""
        after = measured()
        after[1]["kawela"]["value"] = 11
        self.assertEqual(self.worse(measured(), after), ["60-byte frames: own: 10, now 11"])

    def test_never_was(self):
        self.assertEqual(self.worse(measured()[:1], measured()), [])

    def test_check(self):
        """What the command says and returns."""
        with contextlib.redirect_stdout(io.StringIO()) as said:
            self.assertTrue(publish.check(table(), table()))
            self.assertFalse(publish.check(table(*measured(ours=990)), table()))
            other = dict(table(), versions=dict(VERSIONS, qemu="11"))
            self.assertTrue(publish.check(other, table()))
        self.assertIn("another qemu than", said.getvalue())


class Bars(unittest.TestCase):
    """Cleared or not."""

    @staticmethod
    def state(rows, number=0):
        return list(bars.text(rows))[number].partition(":")[0]

    def test_states(self):
        self.assertEqual(self.state(measured(ours=3820)), "cleared")
        self.assertEqual(self.state(measured(ours=3821)), "missed")
        self.assertEqual(self.state([]), "not measured")

    def test_of_another(self):
        rows = report.rows({"kawela": [
            figure("pktgen on PF alone", 400, family=bars.SOCKETS),
            figure("rxdrop on VF, copy", 1000, family=bars.SOCKETS),
            figure("rxdrop on VF, zerocopy", 700, family=bars.SOCKETS)]})
        found = [(less is not None, value) for name, _, _, less, value, _ in bars.results(rows)
                 if name.endswith("rxdrop on VF, zerocopy")]
        self.assertEqual(found, [(False, 0.7), (True, 0.5)])

    def test_without_the_sender(self):
        rows = report.rows({"kawela": [
            figure("rxdrop on VF, copy", 1000, family=bars.SOCKETS),
            figure("rxdrop on VF, zerocopy", 700, family=bars.SOCKETS)]})
        self.assertIn(None, [value for _, _, _, less, value, _ in bars.results(rows) if less])

    def test_sender_alone(self):
        rows = report.rows({"kawela": [
            figure("pktgen on PF alone", 1000, family=bars.SOCKETS),
            figure("rxdrop on VF, copy", 1000, family=bars.SOCKETS),
            figure("rxdrop on VF, zerocopy", 700, family=bars.SOCKETS)]})
        self.assertIn(None, [value for _, _, _, less, value, _ in bars.results(rows) if less][:1])

    def test_of_stock(self):
        rows = report.rows({"stock": [figure("TCP VF to PF", 100, family=bars.STREAMS)],
                            "kawela": [figure("TCP VF to PF", 81, family=bars.STREAMS)]})
        self.assertIn("missed: Streams: TCP VF to PF: 0.81, bar 0.8 of stock",
                      list(bars.text(rows)))


class Chart(unittest.TestCase):
    """A picture that is well-formed and can be read aloud."""

    def setUp(self):
        self.root = xml.etree.ElementTree.fromstring(chart.svg(table()))

    def test_bars(self):
        rects = self.root.findall(SVG + "rect")
        self.assertEqual([rect.get("class") for rect in rects], ["bar"])
        self.assertAlmostEqual(float(rects[0].get("width")), 0.9 / chart.SCALE * chart.BARS, 1)

    def test_words(self):
        self.assertEqual(self.root.get("role"), "img")
        self.assertEqual(self.root.find(SVG + "desc").text, "60-byte frames, VF to PF: 0.90")
        self.assertIn("prefers-color-scheme: dark", self.root.find(SVG + "style").text)

    def test_more_than_stock(self):
        root = xml.etree.ElementTree.fromstring(chart.svg(table(*measured(ours=5000))))
        rect = root.find(SVG + "rect")
        self.assertEqual(rect.get("class"), "more")
        self.assertEqual(float(rect.get("width")), chart.BARS)


class Page(unittest.TestCase):
    """The table in the documentation."""

    def test_replaced(self):
        page = f"before\n\n{document.BEGIN}old\n{document.END}\nafter\n"
        text = document.replaced(page, table())
        self.assertNotIn("old", text)
        self.assertTrue(text.startswith("before\n") and text.endswith("\nafter\n"))
        self.assertEqual(document.replaced(text, table()), text)

    def test_committed(self):
        """Page and chart are those of the JSON beside them."""
        committed = report.load(os.path.join(PAGES, publish.JSON))
        with open(os.path.join(PAGES, publish.PAGE), encoding="utf-8") as file:
            page = file.read()
        self.assertEqual(document.replaced(page, committed), page)
        with open(os.path.join(PAGES, publish.CHART), encoding="utf-8") as file:
            self.assertEqual(chart.svg(committed), file.read())


class Registers(unittest.TestCase):
    """What a trace says."""

    TRACE = """\
e1000e_core_write Write to register 0xe1d8, 4 byte(s), value: 0x5
e1000e_core_write Write to register 0xc1d8, 4 byte(s), value: 0x5
e1000e_core_write Write to register 0x1524, 4 byte(s), value: 0x5
e1000e_core_read Read from register 0x8, 4 byte(s), value: 0x5
e1000e_tx_descr 0x1ff : 2b30003c f0000
e1000e_tx_descr 0x1ff : 2330003c f0000
e1000e_irq_msix_notify_vec MSI-X notify vector 0x1
e1000e_irq_msix_notify_postponed_vec Sending MSI-X postponed by EITR[1]
"""

    def test_count(self):
        self.assertEqual(registers.count(self.TRACE.splitlines()),
                         {"doorbells": 1, "receive tails": 1, "other writes": 1,
                          "register reads": 1, "transmit descriptors": 2,
                          "transmit write-backs": 1, "interrupts": 2})

    def test_tails(self):
        """Of the queues there are, and nothing between them."""
        self.assertTrue(registers.is_tail(0xe018 + 15 * 0x40, registers.TRANSMIT_TAIL))
        self.assertFalse(registers.is_tail(0xe018 + 16 * 0x40, registers.TRANSMIT_TAIL))
        for other in (0xe010, 0xe028):
            self.assertEqual(registers.write_kind(other), "other writes")


if __name__ == "__main__":
    unittest.main()
