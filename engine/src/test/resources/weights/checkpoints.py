"""Writes checkpoints as torch.save does, without torch: python3 checkpoints.py FOLDER (NumPy 2)."""
import argparse, collections, datetime, pickle, random, struct, sys, types, zipfile
import numpy as np

def module(name, **members):
    made = types.ModuleType(name)
    for key, value in members.items():
        value.__module__, value.__name__, value.__qualname__ = name, key, key
        setattr(made, key, value)
    sys.modules[name] = made

def function():
    return lambda *arguments: None

STORAGES = "FloatStorage LongStorage ComplexFloatStorage QInt8Storage".split()
module("torch", **{name: type(name, (), {}) for name in STORAGES}, Size=type("Size", (tuple,), {}))
module("torch._utils", _rebuild_tensor_v2=function(), _rebuild_parameter_with_state=function(), _rebuild_qtensor=function())

class Call:
    """Pickled as a call of a function."""
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call

class Storage:
    def __init__(self, key, kind, data):
        self.key, self.kind, self.data = key, kind, data

class Pickler(pickle.Pickler):
    def persistent_id(self, value):
        if isinstance(value, Storage):
            return "storage", getattr(sys.modules["torch"], value.kind), value.key, "cuda:0", len(value.data)

def tensor(storage, shape, *more):
    strides = [1] * len(shape)
    for axis in range(len(shape) - 2, -1, -1):
        strides[axis] = strides[axis + 1] * shape[axis + 1]
    return Call(sys.modules["torch._utils"]._rebuild_tensor_v2, storage, 0, tuple(shape), tuple(strides), False,
                collections.OrderedDict(), *more)

def save(path, value, storages, protocol=2, order="little"):
    with zipfile.ZipFile(path, "w") as archive:
        with archive.open("archive/data.pkl", "w") as out:
            Pickler(out, protocol).dump(value)
        archive.writestr("archive/byteorder", order)
        for storage in storages:
            code = {"LongStorage": "q", "QInt8Storage": "b"}.get(storage.kind, "f")
            archive.writestr("archive/data/" + storage.key, struct.pack(
                "<>"[order == "big"] + code * len(storage.data), *storage.data))

folder = sys.argv[1]
utils = sys.modules["torch._utils"]
weight, bias = Storage("0", "FloatStorage", range(6)), Storage("1", "FloatStorage", [7, 8])
count, broken = Storage("2", "LongStorage", [5]), Storage("3", "FloatStorage", [1, float("inf")])
waves, bytes8 = Storage("4", "ComplexFloatStorage", [1, 2, 3, 4]), Storage("5", "QInt8Storage", [1, 2])
state = collections.OrderedDict({
    "module.conv.weight": tensor(weight, [2, 3]),
    "module.conv.bias": Call(utils._rebuild_parameter_with_state, tensor(bias, [2]), True, {}, {"tag": "own"}),
    "module.conv.num_batches_tracked": tensor(count, []),
    "module.broken": tensor(broken, [2]),
    "module.complex": tensor(waves, [2]),
    "module.quantised": Call(utils._rebuild_qtensor, bytes8, 0, (2,), (1,)),
})
state._metadata = collections.OrderedDict({"": {"version": 1}})
full = {
    "epoch": np.int64(3), "best": np.float32(0.5), "scores": np.arange(3.0), "dtype": np.dtype("f4"), "args":
    argparse.Namespace(lr=0.1, names=["a"]), "when": datetime.datetime(2020, 1, 2), "shape": sys.modules["torch"].Size([1, 2]),
    "seen": {1, 2}, "frozen": frozenset([3]), "random": random.Random(1).getstate(), "large": 1 << 3000, "half": 0.5,
    "counts": collections.defaultdict(int, {"a": 1}), "none": None, "text": "\u00e9" * 300, "raw": b"\x00\xff", "complex": 1j,
    "keyed": {(1, 2): 3, 0.5: 4, None: 5}, "history": [tensor(bias, [2])], "rng": np.random.default_rng(0).bit_generator.state,
    "optimizer": {"state": {0: {"exp_avg": tensor(weight, [2, 3])}}, "param_groups": [{"params": [0]}]}, "state_dict": state,
}
for protocol in range(1, 6):
    save(f"{folder}/full-{protocol}.pth", full, [weight, bias, count, broken, waves, bytes8], protocol)
save(f"{folder}/model.pth", argparse.Namespace(weight=tensor(weight, [2, 3])), [weight])
save(f"{folder}/big.pth", {"conv.bias": tensor(bias, [2])}, [bias], order="big")
save(f"{folder}/flags.pth", {"conv.weight": tensor(weight, [2, 3]), "conv.bias": tensor(bias, [2], {"neg": True})}, [weight, bias])
save(f"{folder}/shared.pth", [tensor(weight, [2, 3]) for _ in range(21)], [weight])
