"""VGG and ResNet in NumPy, with made weights: prints the numbers that MadeNetworksTest expects.

    python3 made_networks.py

Every value is drawn by its place i in a tensor (PyTorch's order of axes) and the tensor's name, so that
no file of weights is needed:

    h = (2654435761 i + hash) mod 2^32, hash as Java's String.hashCode of the name
    h = h ^ (h >> 15);  h = 2246822519 h mod 2^32;  h = h ^ (h >> 13)
    u = h / 2^32 - 1/2

Kernels are sqrt(24 / (inputs kernel^2)) u, biases 0.2 u, BatchNorm's weight 1/2 + u/4, bias and running_mean 0.2 u,
running_var 1 + u/2; the image, [3, side, side] and named input, is 4 u. All of it in single precision, sums in double.
"""
import numpy as np


def drawn(name, shape):
    seed = 0
    for letter in name:
        seed = (31 * seed + ord(letter)) % 2**32
    h = (np.arange(int(np.prod(shape)), dtype=np.uint64) * 2654435761 + seed) % 2**32
    h ^= h >> np.uint64(15)
    h = h * np.uint64(2246822519) % 2**32
    h ^= h >> np.uint64(13)
    return (h / 2**32 - 0.5).reshape(shape)


def single(values):
    return values.astype(np.float32).astype(np.float64)


def convolved(x, name, out, kernel, stride=1, padding=0, bias=False):
    channels, height, width = x.shape
    weight = single(np.sqrt(24 / (channels * kernel**2)) * drawn(name + ".weight", (out, channels, kernel, kernel)))
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    rows = (height + 2 * padding - kernel) // stride + 1
    columns = (width + 2 * padding - kernel) // stride + 1
    result = np.zeros((out, rows, columns))
    for dy in range(kernel):
        for dx in range(kernel):
            seen = x[:, dy : dy + stride * rows : stride, dx : dx + stride * columns : stride]
            result += np.tensordot(weight[:, :, dy, dx], seen, 1)
    return result + single(0.2 * drawn(name + ".bias", out))[:, None, None] if bias else result


def normalised(x, name):
    n = len(x)
    weight = single(0.5 + drawn(name + ".weight", n) / 4)
    bias = single(0.2 * drawn(name + ".bias", n))
    mean = single(0.2 * drawn(name + ".running_mean", n))
    variance = single(1 + drawn(name + ".running_var", n) / 2)
    scale = weight / np.sqrt(variance + 1e-5)
    return x * scale[:, None, None] + (bias - mean * scale)[:, None, None]


def pooled(x, kernel, stride, padding):
    channels, height, width = x.shape
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)), constant_values=-np.inf)
    rows = (height + 2 * padding - kernel) // stride + 1
    columns = (width + 2 * padding - kernel) // stride + 1
    seen = [
        x[:, dy : dy + stride * rows : stride, dx : dx + stride * columns : stride]
        for dy in range(kernel)
        for dx in range(kernel)
    ]
    return np.max(seen, axis=0)


def vgg(side, blocks):
    x = single(4 * drawn("input", (3, side, side)))
    index = 0
    for block, count in enumerate(blocks):
        for i in range(count):
            x = np.maximum(0, convolved(x, "features.%d" % index, min(512, 64 << block), 3, padding=1, bias=True))
            index += 2
            yield "relu%d_%d" % (block + 1, i + 1), x
        x = pooled(x, 2, 2, 0)
        index += 1


def resnet(side, stages):
    x = single(4 * drawn("input", (3, side, side)))
    x = np.maximum(0, normalised(convolved(x, "conv1", 64, 7, 2, 3), "bn1"))
    x = pooled(x, 3, 2, 1)
    for stage, units in enumerate(stages):
        width = 64 << stage
        for unit in range(units):
            name = "layer%d.%d" % (stage + 1, unit)
            stride = 2 if unit == 0 and stage > 0 else 1
            y = np.maximum(0, normalised(convolved(x, name + ".conv1", width, 1), name + ".bn1"))
            y = np.maximum(0, normalised(convolved(y, name + ".conv2", width, 3, stride, 1), name + ".bn2"))
            y = normalised(convolved(y, name + ".conv3", 4 * width, 1), name + ".bn3")
            if unit == 0:
                x = normalised(convolved(x, name + ".downsample.0", 4 * width, 1, stride), name + ".downsample.1")
            x = np.maximum(0, x + y)
            yield "conv%d-%d" % (stage + 2, unit + 1), x


for network, taps, layers in [
    ("vgg16", ["relu2_2", "relu4_3", "relu5_3"], vgg(32, [2, 2, 3, 3, 3])),
    ("vgg19", ["relu3_4", "relu5_4"], vgg(32, [2, 2, 4, 4, 4])),
    ("resnet50", ["conv2-3", "conv4-6", "conv5-3"], resnet(64, [3, 4, 6, 3])),
    ("resnet101", ["conv4-23", "conv5-3"], resnet(64, [3, 4, 23, 3])),
]:
    for tap, x in layers:
        if tap in taps:
            some = x.ravel()[:: len(x.ravel()) // 5][:5]
            print(network, tap, "x".join(map(str, x.shape)), "%.9g" % x.mean(), *("%.9g" % v for v in some))
