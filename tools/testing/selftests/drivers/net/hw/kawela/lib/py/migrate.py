# SPDX-License-Identifier: GPL-2.0-only
"""Live migration of a guest from one QEMU to another on this host, each with a tap and, if wanted,
a VF of its own; and what that costs a peer. Works with any pair of a PF and a VF driver.
"""

from net.lib.py import KsftFailEx, defer
from .base import load_module, sh, wait_for
from .bridge import Bridge
from .failover import FailoverGuest
from .guest import KvmGuest
from .streams import EchoStream, PingStream

# MiB
MEMORY = 256
SOCKET = "/run/kawela/migration"
PINGS = 600
# how many pass before anything happens, and when all is over
QUIET = 30
# octets per second: no migration ends at that rate
CRAWL = 4096


class RamGuest(KvmGuest):
    """A guest that QEMU agrees to migrate; or, with incoming, one that is to arrive."""

    incoming = False

    def start(self, options=""):
        before, _, after = options.partition("--")
        if self.incoming:
            before, after = before + "--nowait", after + " -incoming defer"
        super().start(f"--ram --mem {MEMORY} {before} -- {after}")
        self.qmp.run("migrate-set-capabilities",
                     capabilities=[{"capability": "events", "state": True}])
        return self


class MigratingGuest(FailoverGuest, RamGuest):
    """A guest with both adapters that is here, or is to arrive here."""

    def __init__(self, *args, incoming=False, **options):
        super().__init__(*args, **options)
        self.incoming = incoming

    def wait_status(self, wanted):
        """Until its migration is in that state."""
        status = ""
        while status != wanted:
            status = self.qmp.wait("MIGRATION")["data"]["status"]
            if status in {"failed", "cancelled", "completed"} - {wanted}:
                raise KsftFailEx(f"migration {status}: {self.qmp.run('query-migrate')}")

    def leave_for(self, target):
        """Begin to migrate: QEMU asks the guest for its VF first."""
        target.qmp.run("migrate-incoming", uri="unix:" + SOCKET)
        self.qmp.run("migrate", uri="unix:" + SOCKET)

    def follow(self, source):
        """The guest is here now."""
        self.dev, self.v4, self.v6 = source.dev, source.v4, source.v6
        wait_for(lambda: not self.sh("true", fail=False).ret, "the guest to answer here")


class Migration:
    """A guest with VF 0, pinged from the wire and with a TCP connection to it, and where it is to
    go. What is there goes with the case that made it."""

    def __init__(self, env, target_vf):
        self.env = env
        load_module("vfio-pci")
        env.create_vfs(2)
        defer(env.remove_vfs)
        bridge = self._bridge = Bridge(env).add_pf()
        self.source = MigratingGuest(env, bridge, "source", 31)
        self.target = MigratingGuest(env, bridge, "target", 32, mac=self.source.mac,
                                     incoming=True)
        defer(self._end)
        self.source.start(vf=0)
        self.source.load(env.vf_driver)
        self.source.wait_vf()
        self.target.start(vf=target_vf)
        self._echo = EchoStream(env.wire, self.source)
        self._pings = PingStream(env.wire, self.source, PINGS)
        self.pause()

    def _end(self):
        for guest in (self.source, self.target):
            guest.kill()
            sh(f"ip link del {guest.tap}", fail=False)

    def pause(self):
        """Let the traffic run, three seconds or so."""
        self._pings.more(QUIET)
        self._echo.more()

    def holders(self):
        """Pools that receive for the guest."""
        return self.env.regs.rars().get(self.source.mac, set())

    def run(self):
        """From the start to the end; the source's QEMU is ended then."""
        self.source.leave_for(self.target)
        self.source.qmp.wait("STOP")
        # from here on packets wait in the target's tap
        self._bridge.release(self.source.tap)
        self.source.wait_status("completed")
        self.target.follow(self.source)
        self.source.kill()
        if self.target.vf is not None:
            self.target.wait_vf()
        self.pause()

    def cancel(self):
        """Begin, cancel it while the memory is copied, and have the VF back. Returns the pools
        that received for the guest meanwhile."""
        self.source.qmp.run("migrate-set-parameters", **{"max-bandwidth": CRAWL})
        self.source.leave_for(self.target)
        self.source.wait_status("active")
        self.pause()
        away = self.holders()
        self.source.qmp.run("migrate_cancel")
        self.source.wait_status("cancelled")
        self.target.kill()
        self.source.wait_vf()
        self.pause()
        return away

    def cost(self):
        """{"lost": pings without an answer, "of": pings, "silence": the longest of TCP}. The
        connection must still be alive."""
        return {**self._pings.stop(), **self._echo.stop()}
