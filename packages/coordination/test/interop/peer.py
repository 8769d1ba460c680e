"""A member of a fleet that runs Python tooz, told what to do by lines of JSON on its standard input.

Each line is {"id", "op", "args"}; each answer {"id", "value"} or {"id", "error": {"type", "message"}}. Bytes travel as
hex, values of Python as their repr. Ends when its input does.
"""
import ast
import json
import logging
import sys
from importlib import metadata

try:
    import redis
    from tooz import coordination, utils
    from tooz.drivers import redis as driver
except ImportError as problem:
    print(json.dumps({"missing": str(problem)}), flush=True)
    sys.exit(3)


# A release of a lock that is not held is logged as an error: some tests want exactly that.
logging.disable(logging.CRITICAL)


class Tooz9Lock(driver.RedisLock):
    """A lock under the key that tooz writes since version 9, whose other code is the same."""

    def __init__(self, coord, client, name, timeout):
        super().__init__(coord, client, name, timeout)
        self._name = b"%s_%s_lock" % (coord.namespace, utils.to_binary(name))
        self._lock.name = self._name


class Peer:
    def __init__(self):
        self.locks = {}
        self.partitioners = {}
        self.events = []

    def start(self, url, member, heart, generation):
        self.coordinator = coordination.get_coordinator(url, bytes.fromhex(member))
        self.absent = None if generation == 9 else b""
        if generation == 9:
            self.coordinator.get_lock = lambda name: Tooz9Lock(
                self.coordinator, self.coordinator._client, name, self.coordinator.lock_timeout)
        self.coordinator.start(start_heart=heart)
        return {"tooz": metadata.version("tooz"), "redis-py": redis.__version__, "python": sys.version.split()[0]}

    def stop(self):
        self.coordinator.stop()

    def reset(self):
        """Be as new: another test goes on with this process."""
        try:
            self.coordinator.stop()
        except Exception:  # it was stopped, or its server is gone
            pass
        self.__init__()

    def heartbeat(self):
        return self.coordinator.heartbeat()

    def create_group(self, group):
        self.coordinator.create_group(bytes.fromhex(group)).get()

    def delete_group(self, group):
        self.coordinator.delete_group(bytes.fromhex(group)).get()

    def groups(self):
        return sorted(group.hex() for group in self.coordinator.get_groups().get())

    def join(self, group, capabilities=None):
        value = self.absent if capabilities is None else ast.literal_eval(capabilities)
        self.coordinator.join_group(bytes.fromhex(group), value).get()

    def leave(self, group):
        self.coordinator.leave_group(bytes.fromhex(group)).get()

    def update(self, group, capabilities):
        self.coordinator.update_capabilities(bytes.fromhex(group), ast.literal_eval(capabilities)).get()

    def members(self, group):
        return sorted(member.hex() for member in self.coordinator.get_members(bytes.fromhex(group)).get())

    def capabilities(self, group, member):
        return repr(self.coordinator.get_member_capabilities(bytes.fromhex(group), bytes.fromhex(member)).get())

    def acquire(self, lock, blocking):
        return self._lock(lock).acquire(blocking=blocking)

    def release(self, lock):
        return self._lock(lock).release()

    def break_lock(self, lock):
        return self._lock(lock).break_()

    def owns(self, lock):
        return self._lock(lock).is_still_owner()

    def watch(self, group):
        group = bytes.fromhex(group)
        self.coordinator.watch_join_group(group, lambda event: self._seen("joined", event))
        self.coordinator.watch_leave_group(group, lambda event: self._seen("left", event))

    def stand(self, group):
        """Be a candidate from the next run on."""
        self.coordinator.watch_elected_as_leader(bytes.fromhex(group), lambda event: self._seen("elected", event))

    def run_watchers(self):
        self.coordinator.run_watchers()
        seen, self.events = self.events, []
        return seen

    def join_partitioned(self, group, weight):
        self.partitioners[group] = self.coordinator.join_partitioned_group(bytes.fromhex(group), weight=weight)

    def ring(self, group):
        return {node.hex(): weight for node, weight in self.partitioners[group].ring.nodes.items()}

    def owners(self, group, objects, replicas):
        """Owners of objects, each given as a literal of Python."""
        place = self.partitioners[group].members_for_object
        return [sorted(owner.hex() for owner in place(ast.literal_eval(one), replicas=replicas)) for one in objects]

    def repr_of(self, values):
        """Values as Python writes them."""
        return [repr(ast.literal_eval(value)) for value in values]

    def _lock(self, name):
        if name not in self.locks:
            self.locks[name] = self.coordinator.get_lock(ast.literal_eval(name))
        return self.locks[name]

    def _seen(self, kind, event):
        member = event.member_id
        self.events.append([kind, event.group_id.hex(), member.hex()])


def main():
    peer = Peer()
    for line in sys.stdin:
        order = json.loads(line)
        try:
            answer = {"id": order["id"], "value": getattr(peer, order["op"])(**order["args"])}
        except Exception as problem:  # whatever it is, the test is to see it
            answer = {"id": order["id"], "error": {"type": type(problem).__name__, "message": str(problem)}}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
