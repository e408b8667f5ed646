"""Reads a trace and prints how long every stage was in every state, and what frames did.

A .pftrace is read by Perfetto's own schema (package perfetto), a .json by the rules of
the trace event format. With CONVSIM_TRACE_PROCESSOR set, Perfetto's trace processor
reads both. Lines: stage,state,cycles; then flows,how many; then counters,how many values.
"""
import collections
import json
import os
import sys

path = sys.argv[1]
sums = collections.Counter()
flows = counts = 0


def note(track, name, cycles, notes):
    """Adds a slice, or what it says of the periods that it stands for."""
    if " x " in name:
        for state, n in notes.items():
            if " " not in state:
                sums[track, state] += n
    elif not track.startswith("frames"):
        sums[track, name] += cycles


def processor():
    """Asks the trace processor."""
    global flows, counts
    from perfetto.trace_processor import TraceProcessor

    tp = TraceProcessor(trace=path)
    for r in tp.query("select stat.name as name, value from stats stat where severity = 'error' and value > 0"):
        sys.exit(f"the trace processor counts an error: {r.name} {r.value}")
    slices = "select s.id, s.dur, s.name, coalesce(thread.name, t.name) as track, s.arg_set_id as args from slice s join track t on s.track_id = t.id"
    for r in tp.query(slices + " left join thread_track tt on tt.id = t.id left join thread using (utid)"):
        notes = {}
        if r.args is not None:
            for a in tp.query(f"select key, int_value from args where arg_set_id = {r.args}"):
                notes[a.key.split(".")[-1]] = a.int_value
        note(r.track, r.name, r.dur, notes)
    flows = next(iter(tp.query("select count(1) as n from flow"))).n
    counts = next(iter(tp.query("select count(1) as n from counter"))).n
    tp.close()


def protobuf():
    """Reads packets, each of which must be known to the schema wholly."""
    global flows, counts
    from google.protobuf.unknown_fields import UnknownFieldSet
    from perfetto.protos.perfetto.trace import perfetto_trace_pb2 as schema

    trace = schema.Trace()
    with open(path, "rb") as f:
        trace.ParseFromString(f.read())
    names, counters, opened, begins, ends = {}, set(), {}, set(), set()
    for p in trace.packet:
        assert p.trusted_packet_sequence_id == 1 and not len(UnknownFieldSet(p))
        d, e = p.track_descriptor, p.track_event
        if p.HasField("track_descriptor"):
            assert d.uuid not in names and (not d.parent_uuid or d.parent_uuid in names) and not len(UnknownFieldSet(d))
            names[d.uuid] = d.name
            if d.HasField("counter"):
                counters.add(d.uuid)
            continue
        assert e.track_uuid in names and not len(UnknownFieldSet(e))
        assert (e.type == schema.TrackEvent.TYPE_COUNTER) == (e.track_uuid in counters)
        if e.type == schema.TrackEvent.TYPE_COUNTER:
            counts += 1
        elif e.type == schema.TrackEvent.TYPE_SLICE_BEGIN:
            assert e.track_uuid not in opened and e.name
            opened[e.track_uuid] = p, {a.name: a.int_value for a in e.debug_annotations}
            begins |= set(e.flow_ids)
            ends |= set(e.terminating_flow_ids)
        else:
            begun, notes = opened.pop(e.track_uuid)
            assert e.type == schema.TrackEvent.TYPE_SLICE_END and p.timestamp > begun.timestamp
            note(names[e.track_uuid], begun.track_event.name, p.timestamp - begun.timestamp, notes)
    assert not opened and begins == ends
    flows = len(begins)


def events():
    """Reads trace events and holds them to the format's rules."""
    global flows, counts
    with open(path) as f:
        trace = json.load(f)
    assert trace["displayTimeUnit"] in ("ms", "ns")
    threads, arrows, newest = {}, collections.defaultdict(list), {}
    for e in trace["traceEvents"]:
        assert isinstance(e["name"], str) and isinstance(e["pid"], int) and isinstance(e["tid"], int)
        at = e["pid"], e["tid"]
        if e["ph"] == "M":
            assert e["name"] in ("process_name", "process_sort_index", "thread_name", "thread_sort_index")
            if e["name"] == "thread_name":
                threads[at] = e["args"]["name"]
        elif e["ph"] == "X":
            assert e["dur"] > 0 and e["ts"] >= newest.get(at, 0) - 1e-6
            newest[at] = e["ts"] + e["dur"]
            note(threads[at], e["name"], round(e["dur"] * 1000), e.get("args", {}))
        elif e["ph"] == "C":
            assert list(e["args"]) == ["beats"] and e["args"]["beats"] >= 0
            counts += 1
        else:
            assert e["ph"] in "sf" and e["cat"] == "frame" and at in threads
            arrows[e["id"]].append(e["ph"])
    assert all(sorted(a) == ["f", "s"] for a in arrows.values())
    flows = len(arrows)


if os.environ.get("CONVSIM_TRACE_PROCESSOR"):
    processor()
elif path.endswith(".json"):
    events()
else:
    protobuf()
for (track, state), cycles in sums.items():
    print(f"{track},{state},{cycles}")
print(f"flows,of frames,{flows}")
print(f"counters,values,{counts}")
