"""A foreign client: gRPC's C core, calling the engine in the steps of the connector that it comes from.

Each line of the input is {"id", "op", "args"}; each answer {"id", "value"}. A call's outcome is {"reply"} with the fields
that are set (bytes as hex), or {"code", "details"}. Ends when its input does. The stubs are looked for on PYTHONPATH.
"""
import json
import sys

try:
    import grpc
    import engine_pb2
    import engine_pb2_grpc
except ImportError as problem:
    print(json.dumps({"missing": str(problem)}), flush=True)
    sys.exit(3)

OPTIONS = [
    ("grpc.keepalive_timeout_ms", 900_000),
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.keepalive_permit_without_calls", 1),
    ("grpc.http2.max_pings_without_data", 0),
    ("grpc.http2.min_time_between_pings_ms", 15_000),
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", 300 * 1024 * 1024),
    # A failure is to be seen, not to be repeated below.
    ("grpc.enable_retries", 0),
]
DEADLINE_S = 20


class Failed(Exception):
    """A call that was not answered OK."""


class Client:
    def __init__(self, address):
        self.channel = grpc.insecure_channel(address, options=OPTIONS)
        self.stubs = {
            "QueryEngineService": engine_pb2_grpc.QueryEngineServiceStub(self.channel),
            "ClusterService": engine_pb2_grpc.ClusterServiceStub(self.channel),
        }

    def call(self, rpc, fields, headers, service="QueryEngineService"):
        """One call; its outcome."""
        method = engine_pb2.DESCRIPTOR.services_by_name[service].methods_by_name[rpc]
        request = getattr(engine_pb2, method.input_type.name)(**fields)
        try:
            reply = getattr(self.stubs[service], rpc)(request, metadata=[tuple(h) for h in headers], timeout=DEADLINE_S)
        except grpc.RpcError as error:
            return {"code": error.code().name, "details": error.details()}
        return {"reply": {field.name: plain(value) for field, value in reply.ListFields()}}

    def query(self, strategy, sql, user, password, cluster=None):
        """All of a query's life with a session of its own: what each step announced, the metadata and the batches."""
        announced = {}
        headers = [["cluster-name", cluster]] if cluster else []
        headers.append(["strategy", strategy])

        def step(rpc, fields):
            outcome = self.call(rpc, fields, headers)
            if "reply" not in outcome:
                raise Failed({"rpc": rpc, **outcome})
            announced.setdefault(rpc, outcome["reply"].get("new_strategy"))
            return outcome["reply"]

        try:
            session = step("authenticate", {"user": user, "password": password})["sessionId"]
            prepared = step("prepareStatementV2", {
                "sessionId": session, "schema": "", "catalog": "builtin", "queryString": sql})
            query = {"engineIP": prepared["engineIP"], "sessionId": session, "queryId": prepared["queryId"]}
            headers.insert(0, ["plannerip", prepared["engineIP"]])
            step("executeStatementV2", query)
            metadata = step("getResultMetadata", query)["resultMetaData"]
            batches = []
            while batch := step("getNextResultBatch", query).get("resultBatch", ""):
                batches.append(batch)
            step("status", query)
            step("explain", query)
            step("explainAnalyze", query)
            step("clearOrCancelQuery", query)
        except Failed as failed:
            return {"failed": failed.args[0], "announced": announced}
        return {"announced": announced, "metadata": metadata, "batches": batches}


def plain(value):
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (str, bool, int, float)):
        return value
    return [plain(one) if isinstance(one, (str, bytes)) else str(one) for one in value]


def main():
    client = None
    for line in sys.stdin:
        order = json.loads(line)
        op, args = order["op"], order["args"]
        if op == "connect":
            client = Client(**args)
            value = {"grpc": grpc.__version__}
        else:
            value = getattr(client, op)(**args)
        print(json.dumps({"id": order["id"], "value": value}), flush=True)


main()
