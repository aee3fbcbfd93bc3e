# SPDX-License-Identifier: GPL-2.0-only
"""devlink on the PF: ports, VPorts of the PF as stations, resources, parameters, health."""

import json
import os

from net.lib.py import defer
from .base import sh, wait_for
from .station import Station

VF_INDEX = 1        # of VF 0
SF_INDEX = 16       # of pool 0


class Devlink:
    """The instance of a PF."""

    def __init__(self, pci):
        self.handle = "pci/" + pci.bdf

    def run(self, arguments, **options):
        return sh("devlink " + arguments, **options)

    def batch(self, *lines):
        """Several verbs, without a pause in between."""
        text = "\\n".join(lines)
        return sh(f"printf '{text}\\n' | devlink -b -")

    def json(self, arguments):
        return json.loads(self.run("-j " + arguments).stdout)

    # ports

    def ports(self):
        """{index: what devlink says}."""
        found = self.json("port show")["port"]
        return {int(name.rpartition("/")[2]): port for name, port in found.items()
                if name.rpartition("/")[0] == self.handle}

    def port(self, index):
        return self.ports()[index]

    def function(self, index):
        return self.port(index)["function"]

    def add_vf(self, number, **options):
        return self.run(f"port add {self.handle}/{VF_INDEX + number} flavour pcivf "
                        "pfnum 0", **options)

    def add_sf(self, sfnum=None):
        """A new VPort of the PF; its port index."""
        number = "" if sfnum is None else f"sfnum {sfnum}"
        # its JSON is not well-formed
        text = self.run(f"port add {self.handle} flavour pcisf pfnum 0 {number}").stdout
        return int(text.partition(self.handle + "/")[2].partition(":")[0])

    def refuse(self, arguments):
        """What devlink says about a verb that must fail."""
        done = self.run(arguments, fail=False)
        if not done.ret:
            raise AssertionError(f"devlink {arguments} did not fail")
        return done.text

    def set(self, index, what, **options):
        return self.run(f"port function set {self.handle}/{index} {what}", **options)

    def delete(self, index, **options):
        return self.run(f"port del {self.handle}/{index}", **options)

    def drop(self, index):
        """Delete a port that may have been deleted."""
        if index in self.ports():
            self.delete(index)

    def netdev(self, index):
        return wait_for(lambda: self.port(index).get("netdev"), f"a netdev on port {index}")

    def vport(self, number, mac=None, up=True, max_io_eqs=None):
        """A VPort of the PF, active, with a station in a namespace of its own, until the
        case ends."""
        index = self.add_sf(number)
        defer(self.drop, index)
        if max_io_eqs:
            self.set(index, f"max_io_eqs {max_io_eqs}")
        mac = mac or f"02:00:00:00:03:{number:02x}"
        self.set(index, f"hw_addr {mac} state active")
        station = Station(f"sf{number}", 30 + number, f"kw-sf{number}")
        station.index = index
        station.pool = index - SF_INDEX
        if not os.path.exists("/run/netns/" + station.ns):
            sh("ip netns add " + station.ns)
            station.ip("link set lo up")
        station.adopt(self.netdev(index))
        return station.up() if up else station

    # resources and parameters

    def resources(self):
        """{name: (size, occupancy)}."""
        found = self.json(f"resource show {self.handle}")["resources"][self.handle]
        return {one["name"]: (one["size"], one["occ"]) for one in found}

    def occupancy(self):
        return {name: occ for name, (_, occ) in self.resources().items()}

    def param(self, name):
        found = self.json(f"dev param show {self.handle} name {name}")
        return found["param"][self.handle][0]["values"][0]["value"]

    def set_param(self, name, value):
        self.run(f"dev param set {self.handle} name {name} value {value} cmode driverinit")

    def change_param(self, env, name, value):
        """From the next reload on; back, with a reload, when the case ends."""
        def back():
            self.set_param(name, "false" if value == "true" else "true")
            self.reload()
            env.wait_served()

        defer(back)
        self.set_param(name, value)

    def reload(self, **options):
        return self.run(f"dev reload {self.handle}", **options)

    # health

    def reporters(self, index):
        """{name: what devlink says} of a port."""
        found = self.json("health show")["health"].get(f"{self.handle}/{index}", [])
        return {one["reporter"]: one for one in found}

    def health(self, index, reporter):
        return self.reporters(index)[reporter]

    def health_run(self, verb, index, reporter, **options):
        return self.run(f"health {verb} {self.handle}/{index} reporter {reporter}", **options)

    def diagnose(self, index, reporter):
        return self.json(f"health diagnose {self.handle}/{index} reporter {reporter}")

    def dump(self, index, reporter):
        return self.json(f"health dump show {self.handle}/{index} reporter {reporter}")


def everyone(env):
    """The PF, a VF, and a VPort that goes with the case."""
    vport = Devlink(env.pci).vport(1)
    for station in env.stations + [vport]:
        station.forget_neighbours()
    return [env.pf, env.vf[0], vport]
