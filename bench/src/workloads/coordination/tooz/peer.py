"""Python's tooz as a peer of the benchmark: one JSON request a line on standard input, one answer a line on output.

Time and CPU are measured in here, around the calls of tooz alone. It ends when its input does.
"""
import json
import sys
import time
from importlib.metadata import version

import redis
from tooz import coordination

TTL = 30
GROUP = b"tooz-bench"


class Peer:
    def __init__(self):
        self.coordinator = None
        self.held = []
        self.locks = 0

    def open(self, url):
        self.coordinator = coordination.get_coordinator(
            "%s?timeout=%d" % (url, TTL), b"tooz-peer")
        self.coordinator.start()
        self.coordinator.create_group(GROUP).get()
        return {"tooz": version("tooz"), "redis": redis.__version__,
                "python": sys.version.split()[0]}

    def pairs(self, count):
        self.locks += 1
        lock = self.coordinator.get_lock(b"pair-%d" % self.locks)

        def pair():
            assert lock.acquire()
            assert lock.release()
        return timed(pair, count)

    def join_leave(self, count):
        def once():
            self.coordinator.join_group(GROUP).get()
            self.coordinator.leave_group(GROUP).get()
        return timed(once, count)

    def members(self, group, count):
        group = group.encode()
        bulk = getattr(self.coordinator, "get_members_with_capabilities", None)

        def read():
            if bulk is not None:
                return len(bulk(group).get())
            members = self.coordinator.get_members(group).get()
            # Asked for together, as its executor allows.
            asked = [self.coordinator.get_member_capabilities(group, one)
                     for one in members]
            return len([one.get() for one in asked])
        found = read()
        return dict(timed(read, count), found=found)

    def beat(self, locks, count):
        self.locks += 1
        while len(self.held) < locks:
            lock = self.coordinator.get_lock(b"held-%d-%d" % (self.locks, len(self.held)))
            assert lock.acquire()
            self.held.append(lock)
        taken = timed(self.coordinator.heartbeat, count)
        for lock in self.held:
            lock.release()
        self.held = []
        return taken

    def close(self):
        self.coordinator.stop()
        return True


def timed(action, count):
    laps = []
    cpu = time.process_time()
    for _ in range(count):
        began = time.perf_counter()
        action()
        laps.append((time.perf_counter() - began) * 1e3)
    return {"lapsMs": laps, "cpuUs": (time.process_time() - cpu) * 1e6}


def main():
    peer = Peer()
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = {"value": getattr(peer, request["call"])(**request["with"])}
        except Exception as error:
            answer = {"error": "%s: %s" % (type(error).__name__, error)}
        print(json.dumps(answer), flush=True)


main()
