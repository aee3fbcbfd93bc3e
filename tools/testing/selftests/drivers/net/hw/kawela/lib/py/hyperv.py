# SPDX-License-Identifier: GPL-2.0-only
"""The stand-in for Hyper-V's config blocks, tools/testing/modules/kawela_hv_provider.c."""

from net.lib.py import defer
from .base import load_module, read_file, unload_modules, write_file

MODULE = "kawela_hv_provider"


class Provider:
    """The module, loaded until the case ends or it is unloaded."""

    def __init__(self):
        self._path = f"/sys/kernel/debug/{MODULE}/"
        self.load()
        defer(self.unload)

    @staticmethod
    def load():
        load_module(MODULE)

    @staticmethod
    def unload():
        unload_modules(MODULE)

    def set(self, name, value):
        write_file(self._path + name, value)

    def get(self, name):
        return int(read_file(self._path + name))

    def set_mode(self, mode):
        self.set("mode", mode)
