"""The convolutions of a workload in PyTorch (float32) and ONNX Runtime (uint8 by int8, requantised), one core each.

    taskset -c 0 python3 tools/peers/convolutions.py configs/workloads/resnet50.yaml

Prints the milliseconds of processor time that all layers take together: medians of 15 runs of each.
"""
import re
import statistics
import sys
import time

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper

RUNS = 15


def layers(path):
    """Reads the layers of a workload as convsim ships them: a mapping a line."""
    for line in open(path):
        if "op: conv2d" in line:
            get = lambda key, default: int((re.search(r"\b%s: (\d+)" % key, line) or [0, default])[1])
            yield {key: get(key, default) for key, default in [("in_channels", 0), ("out_channels", 0), ("kernel_size", 0), ("stride", 1),
                   ("padding", 0), ("groups", 1), ("height", 0), ("width", 0)]}


def median(run):
    run()
    took = []
    for _ in range(RUNS):
        start = time.process_time()
        run()
        took.append(time.process_time() - start)
    return 1000 * statistics.median(took)


def pytorch(l):
    conv = torch.nn.Conv2d(l["in_channels"], l["out_channels"], l["kernel_size"], l["stride"], l["padding"], groups=l["groups"])
    x = torch.randn(1, l["in_channels"], l["height"], l["width"])
    with torch.inference_mode():
        return median(lambda: conv(x))


def runtime(l):
    r = np.random.default_rng(1)
    constant = lambda name, v: numpy_helper.from_array(np.array(v), name)
    w = r.integers(-127, 127, (l["out_channels"], l["in_channels"] // l["groups"], l["kernel_size"], l["kernel_size"]), dtype=np.int8)
    weights = [constant("xs", np.float32(0.02)), constant("xz", np.uint8(128)), constant("w", w), constant("ws", np.float32(0.005)),
               constant("wz", np.int8(0)), constant("ys", np.float32(0.1)), constant("yz", np.uint8(128))]
    node = helper.make_node("QLinearConv", ["x", "xs", "xz", "w", "ws", "wz", "ys", "yz"], ["y"], pads=4 * [l["padding"]],
                            strides=2 * [l["stride"]], group=l["groups"])
    shape = [1, l["in_channels"], l["height"], l["width"]]
    x, y = (helper.make_tensor_value_info(name, TensorProto.UINT8, s) for name, s in [("x", shape), ("y", None)])
    model = helper.make_model(helper.make_graph([node], "g", [x], [y], weights), opset_imports=[helper.make_opsetid("", 17)])
    model.ir_version = 8
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    data = r.integers(0, 255, shape, dtype=np.uint8)
    return median(lambda: session.run(None, {"x": data}))


torch.set_num_threads(1)
for path in sys.argv[1:]:
    all = list(layers(path))
    print("%s: %d convolutions, PyTorch %.1f ms, ONNX Runtime %.1f ms" % (path, len(all), sum(map(pytorch, all)), sum(map(runtime, all))))
