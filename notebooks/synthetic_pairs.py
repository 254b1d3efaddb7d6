"""Reads what SyntheticPairJob writes: views, masks and true flow as numpy arrays.

    for pair in pairs("out/run"):
        pair["source"], pair["target"]          # [height, width, 3] uint8
        pair["source_mask"], pair["target_mask"] # [height, width] bool, None without
        displacement, valid = flow(pair["row"], 20, 20)

A row with pixels is decoded; a row with a recipe only is rendered from its image, bit for bit as the job does it.
Needs numpy; Parquet files need pyarrow, JPEG files need Pillow. Without pyarrow, write the table as JSON lines
(in Spark: spark.read.parquet(run + "/pairs").write.json(folder)) and give that folder.

Coordinates are normalised: an image or view spans [-1, 1] from the outer edge of its first pixel to that of its last,
so the centre of pixel p of n is at 2 (p + 0.5) / n - 1.
"""

import base64
import hashlib
import io
import json
import pathlib
import struct
import sys
import urllib.parse
import zlib

import numpy as np

# Columns in the order of the table; the digest leaves out those that name places.
COLUMNS = [
    ("pair_id", str), ("image_id", str), ("image", None), ("mask", None), ("index", "i"), ("shuffle_key", "q"),
    ("status", str), ("error_code", str), ("error_detail", None), ("view_width", "i"), ("view_height", "i"),
    ("working_width", "i"), ("working_height", "i"), ("padding", str), ("model", str), ("order", str),
    ("source_matrix", list), ("source_spline", list), ("source_color", list), ("source_valid", "d"),
    ("source_foreground", "d"), ("target_matrix", list), ("target_spline", list), ("target_color", list),
    ("target_valid", "d"), ("target_foreground", "d"), ("source_to_target", list), ("target_to_source", list),
    ("flipped", "?"), ("attempts", "i"), ("drawn", dict), ("encoding", str), ("source_view", bytes),
    ("target_view", bytes), ("source_mask", bytes), ("target_mask", bytes), ("row_digest", None),
]
BINARY = {"source_view", "target_view", "source_mask", "target_mask", "row_digest"}


# ---------------------------------------------------------------------------------------------------------------- rows


def rows(place):
    """Rows as dicts, in the order of the table: of a run, of its pairs folder, or of a folder with JSON lines."""
    place = pathlib.Path(place)
    table = place / "pairs" if (place / "pairs").is_dir() else place
    parquet = sorted(table.rglob("*.parquet"))

    for file in parquet or sorted(table.rglob("*.json")):
        yield from (_parquet(file) if parquet else _json(file))


def _parquet(file):
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(file) as opened:
        for batch in opened.iter_batches(batch_size=64):
            for row in batch.to_pylist():
                row["drawn"] = dict(row["drawn"]) if row["drawn"] is not None else None
                yield row


def _json(file):
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            row = {name: None for name, _ in COLUMNS}
            row.update(json.loads(line))

            for name in BINARY & row.keys():
                row[name] = base64.b64decode(row[name]) if row[name] is not None else None

            yield row


def row_digest(row):
    """The first 16 bytes of the SHA-256 of the row's cells; equals the column row_digest."""
    digest = hashlib.sha256()

    for name, kind in COLUMNS:
        if kind is not None:
            digest.update(b"\0" if row[name] is None else b"\1" + _cell(row[name], kind))

    return digest.digest()[:16]


def table_digest(table):
    """The sum of the rows' digests modulo 2^128, as the job prints it: the same for any order."""
    return "%032x" % (sum(int.from_bytes(row_digest(row), "big") for row in table) % (1 << 128))


def _cell(value, kind):
    if kind is str:
        value = value.encode("utf-8")
        return struct.pack(">i", len(value)) + value
    if kind is bytes:
        return struct.pack(">i", len(value)) + value
    if kind is list:
        return struct.pack(">i", len(value)) + struct.pack(">%dd" % len(value), *value)
    if kind is dict:
        cells = [_cell(key, str) + struct.pack(">d", value[key]) for key in sorted(value)]
        return struct.pack(">i", len(value)) + b"".join(cells)
    return struct.pack(">" + kind, value)


# --------------------------------------------------------------------------------------------------------------- pairs


def pairs(place, load=None):
    """Pairs of a run, failed ones left out; load(uri) -> array [height, width, 3] uint8 replaces the image reader."""
    for row in rows(place):
        if row["status"] == "ok":
            yield pair(row, load)


def pair(row, load=None):
    """A row's views and masks."""
    load = load or read_image
    stored = row["encoding"] is not None
    image = None if stored else load(row["image"])
    mask = None if stored or row["mask"] is None else whole_mask(load(row["mask"]), row["mask"])
    result = {"row": row}

    for view in ("source", "target"):
        if stored:
            bits = row[view + "_mask"]
            result[view] = decode(row[view + "_view"])
            result[view + "_mask"] = None if bits is None else is_inside(decode(bits))
        else:
            result[view] = render(row, view, image)
            result[view + "_mask"] = None if mask is None else render_mask(row, view, mask)

    return result


def flow(row, columns, grid_rows):
    """The true flow from the source to the target view on a grid of cells; swap(row) gives the way back.

    Returns displacement [rows, columns, 2], (dx, dy) in fractions of the view's sides, and valid [rows, columns]:
    where the cell shows the image, not its padding, and the target view shows that place too.
    """
    x, y = np.meshgrid(_centres(columns), _centres(grid_rows))
    u, v = _exact(row, "source", x, y)[:2]
    tx, ty = _inverse(row, "target", u, v)
    inside = lambda a, b: (np.abs(a) <= 1) & (np.abs(b) <= 1)
    found = ~np.isnan(tx)
    displacement = np.where(found[..., None], np.stack([(tx - x) / 2, (ty - y) / 2], -1), 0)
    return displacement.astype(np.float32), found & inside(u, v) & inside(tx, ty)


def swap(row):
    """The row with source and target exchanged, for the flow back."""
    other = {"source": "target", "target": "source"}
    swapped = dict(row)

    for name in row:
        view, _, rest = name.partition("_")

        if view in other and rest in ("matrix", "spline", "color"):
            swapped[name] = row[other[view] + "_" + rest]

    return swapped


# -------------------------------------------------------------------------------------------------------------- images


def read_image(uri):
    """A local image file as [height, width, 3] uint8."""
    parsed = urllib.parse.urlparse(uri)

    if parsed.scheme not in ("", "file"):
        raise ValueError("Cannot read %s: give pairs(..., load=) a function that reads %s" % (uri, parsed.scheme))

    return decode(pathlib.Path(urllib.parse.unquote(parsed.path)).read_bytes())


def decode(data):
    """An encoded image as [height, width, 3] uint8, turned as its EXIF tag says. PNG with 8-bit or 1-bit channels needs numpy only."""
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        plain = _png(data)

        if plain is not None:
            return plain

    from PIL import Image, ImageOps

    return np.asarray(ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGB"))


def is_inside(image):
    """A mask: True where the mean of R, G and B is above 127."""
    return image.astype(np.int32).sum(-1) > 3 * 127


def whole_mask(image, name):
    """The mask of an image as its file shows it: values of 0 and 1 too. The jobs also read palettes, labels and
    transparency, which colours do not show: materialise pixels for such masks.

    Raises ValueError that names the file where the mask is empty or full.
    """
    inside = image.max(-1) > 0 if image.max() == 1 else is_inside(image)

    if inside.all() or not inside.any():
        raise ValueError(f"Cannot use the mask {name}: it is {'full' if inside.all() else 'empty'}; run with --materialise pixels")

    return inside


def _png(data):
    at, body, header = 8, [], None

    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        chunk = data[at + 8 : at + 8 + length]
        header = struct.unpack(">IIBBBBB", chunk) if kind == b"IHDR" else header
        body += [chunk] if kind == b"IDAT" else []
        at += 12 + length

    width, height, depth, color, _, _, interlaced = header
    channels = {0: 1, 2: 3}.get(color)

    if channels is None or interlaced or (depth, color) not in ((8, 0), (8, 2), (1, 0)):
        return None

    stride = (width * channels * depth + 7) // 8
    lines = np.frombuffer(zlib.decompress(b"".join(body)), np.uint8).reshape(height, stride + 1)
    plain = _unfiltered(lines, channels if depth == 8 else 1)
    plain = np.unpackbits(plain, axis=1)[:, :width] * np.uint8(255) if depth == 1 else plain
    return np.broadcast_to(plain.reshape(height, width, channels), (height, width, 3)).copy()


def _unfiltered(lines, step):
    out = np.zeros((lines.shape[0], lines.shape[1] - 1), np.uint8)
    above = np.zeros(out.shape[1], np.int64)

    for y, line in enumerate(lines):
        kind, row = line[0], line[1:].astype(np.int64)

        if kind == 1:
            for c in range(step):
                row[c::step] = np.cumsum(row[c::step])
        elif kind == 2:
            row = row + above
        elif kind > 2:
            for i in range(len(row)):
                left = row[i - step] if i >= step else 0
                corner = above[i - step] if i >= step else 0
                row[i] = (row[i] + (_paeth(left, above[i], corner) if kind == 4 else (left + above[i]) // 2)) & 255

        out[y] = above = row & 255

    return out


def _paeth(left, up, corner):
    p = left + up - corner
    a, b, c = abs(p - left), abs(p - up), abs(p - corner)
    return left if a <= b and a <= c else up if b <= c else corner


# ----------------------------------------------------------------------------------------------------------- rendering


def render(row, view, image):
    """A view of an image [height, width, 3] uint8, as the job renders it."""
    image = _resized(image, row["working_width"], row["working_height"])
    height, width = image.shape[:2]
    x, y = _looked_at(row, view, width, height)
    outside = (x < -32) | (y < -32) | (x > 64 * width - 32) | (y > 64 * height - 32)
    x, y = _mirrored(x, width), _mirrored(y, height)
    left, top, fx, fy = (x >> 6) + 1, (y >> 6) + 1, (x & 63)[..., None], (y & 63)[..., None]
    pixels = np.pad(image.astype(np.int64), ((1, 1), (1, 1), (0, 0)), "edge")
    upper = (pixels[top, left] << 6) + (pixels[top, left + 1] - pixels[top, left]) * fx
    lower = (pixels[top + 1, left] << 6) + (pixels[top + 1, left + 1] - pixels[top + 1, left]) * fx
    upper, lower = upper + 8 >> 4, lower + 8 >> 4
    result = ((upper << 6) + (lower - upper) * fy + 128 >> 8).astype(np.uint8)

    if row[view + "_color"] is not None:
        result = _recolored(result, row[view + "_color"])

    if row["padding"] == "zeros":
        result[outside] = 0

    return result


def render_mask(row, view, mask):
    """A view of a mask [height, width] bool: nearest pixel, False beyond its border."""
    height, width = mask.shape
    u, v = _positions(row, view)
    x = np.floor((u + 1) * (0.5 * width)).astype(np.int64)
    y = np.floor((v + 1) * (0.5 * height)).astype(np.int64)
    inside = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    return inside & mask[np.clip(y, 0, height - 1), np.clip(x, 0, width - 1)]


def _looked_at(row, view, width, height):
    """Pixel positions in 1/64 pixel of an image; for an affine map stepped along the rows in 2^-16 of that."""
    m = row[view + "_matrix"]
    u, v = _positions(row, view)

    if row[view + "_spline"] is not None or not _is_affine(m):
        return _sixty_fourths(u, width), _sixty_fourths(v, height)

    step = 2 / row["view_width"]
    return _stepped(u, m[0] * step, width), _stepped(v, m[3] * step, height)


def _stepped(normalised, step, size):
    scale = 0.5 * size * 64
    first = np.rint((normalised[:, :1] * scale + (scale + 32)) * 65536).astype(np.int64)
    steps = np.arange(normalised.shape[1]) * np.rint(step * scale * 65536).astype(np.int64)
    return (first + steps + 32768 >> 16) - 64


def _sixty_fourths(normalised, size):
    """Pixel positions in 1/64 pixel, rounded half to even by adding 1.5 * 2^52, as the job does."""
    scale = 0.5 * size * 64
    return (normalised * scale + (scale - 32 + 1.5 * 2.0**52)).view(np.int64).astype(np.int32).astype(np.int64)


def _mirrored(position, size):
    """Mirrored at the image's edges; two sides away from the first edge, the first pixel repeats from there on."""
    side = 64 * size
    return side - np.abs(side - np.minimum(np.abs(position + 32), 2 * side)) - 32


def _recolored(image, color):
    """A colour matrix [3, 4] in steps of 2^-16."""
    m = np.floor(np.array(color).reshape(3, 4) * 65536 + 0.5).astype(np.int64)
    return np.clip((image.astype(np.int64) @ m[:, :3].T + m[:, 3] + 32768) >> 16, 0, 255).astype(np.uint8)


def _resized(image, width, height):
    """Triangle filter, widened when shrinking; columns first, in single precision."""
    if image.shape[:2] == (height, width):
        return image

    columns = _filtered(image.astype(np.float32).swapaxes(0, 1), width).swapaxes(0, 1)
    return np.clip(np.floor(_filtered(columns, height).astype(np.float64) + 0.5), 0, 255).astype(np.uint8)


def _filtered(lines, size):
    ratio = lines.shape[0] / size
    support = max(1.0, ratio)
    result = np.zeros((size,) + lines.shape[1:], np.float32)

    for i in range(size):
        centre = (i + 0.5) * ratio - 0.5
        first = max(0, int(np.ceil(centre - support)))
        last = min(lines.shape[0] - 1, int(np.floor(centre + support)))
        exact = [max(0.0, 1 - abs(k - centre) / support) for k in range(first, last + 1)]
        total = 0.0

        for weight in exact:
            total += weight

        for k, weight in enumerate(exact):
            result[i] += np.float32(weight / total) * lines[first + k]

    return result


# ------------------------------------------------------------------------------------------------------------ geometry


def _centres(size):
    return 2 * (np.arange(size) + 0.5) / size - 1


def _positions(row, view):
    """Where each pixel of a view looks in the image: u, v [height, width]; the spline in single precision."""
    width, height = row["view_width"], row["view_height"]
    x, y = np.meshgrid(_centres(width), _centres(height))

    if row[view + "_spline"] is None:
        return _straight(row[view + "_matrix"], x, y)

    bend_x, bend_y = (_bend(c, width, height) for c in _coefficients(row[view + "_spline"]))

    if row["order"] == "sum":
        u, v = _straight(row[view + "_matrix"], x, y)
        return u + bend_x, v + bend_y

    m = row[view + "_matrix"]
    px, py = x + bend_x, y + bend_y
    u, v = m[0] * px + m[1] * py + m[2], m[3] * px + m[4] * py + m[5]
    scale = 1 / (m[6] * px + m[7] * py + m[8])
    return (u, v) if _is_affine(m) else (u * scale, v * scale)


def _is_affine(m):
    return m[6] == 0 and m[7] == 0 and m[8] == 1


def _straight(m, x, y):
    u, v = m[0] * x + (m[1] * y + m[2]), m[3] * x + (m[4] * y + m[5])
    scale = 1 / (m[6] * x + (m[7] * y + m[8]))
    return (u, v) if _is_affine(m) else (u * scale, v * scale)


def _bend(c, width, height):
    single = np.float32
    x, y = _centres(width), _centres(height)
    total = single(c[10]) * x.astype(single)[None, :] + (c[9] + c[11] * y).astype(single)[:, None]

    for j in range(0, 9, 3):
        row_kernels = [_kernel_table(x, height, j // 3, column) for column in (-1.0, 0.0, 1.0)]
        terms = [single(c[j + k]) * row_kernels[k] for k in range(3)]
        total = total + (terms[0] + terms[1] + terms[2])

    return total


def _kernel_table(x, height, control_row, control_x):
    """The kernel between each pixel and one control point; rows lie half a view apart, exactly."""
    dy = 2 * (np.arange(height) + (2 - control_row) * height // 2 - height + 0.5) / height
    dx = x - control_x
    return _kernel(dx[None, :] * dx[None, :] + dy[:, None] * dy[:, None]).astype(np.float32)


def _kernel(squared):
    return squared * np.log(np.where(squared == 0, 1, squared))


CONTROL = np.array([(j % 3 - 1.0, j // 3 - 1.0) for j in range(9)])


def _coefficients(spline):
    """Coefficients w_0..w_8, a0, a1, a2 of the x and of the y displacement: [2, 12]."""
    square = ((CONTROL[:, None] - CONTROL[None]) ** 2).sum(-1)
    linear = np.hstack([np.ones((9, 1)), CONTROL])
    system = np.block([[_kernel(square), linear], [linear.T, np.zeros((3, 3))]])
    right = np.vstack([np.array(spline).reshape(9, 2), np.zeros((3, 2))])
    return np.linalg.solve(system, right).T


def _exact(row, view, x, y):
    """The view's map in double precision: u, v and the Jacobian ux, uy, vx, vy."""
    m, spline = row[view + "_matrix"], row[view + "_spline"]
    d = np.zeros((2, 3) + x.shape)

    if spline is not None:
        offset = np.stack([x, y], -1)[..., None, :] - CONTROL
        square = (offset**2).sum(-1)
        slope = np.where(square == 0, 0, 2 * (np.log(np.where(square == 0, 1, square)) + 1))

        for axis, c in enumerate(_coefficients(spline)):
            d[axis, 0] = _kernel(square) @ c[:9] + c[9] + c[10] * x + c[11] * y
            d[axis, 1] = (slope * offset[..., 0]) @ c[:9] + c[10]
            d[axis, 2] = (slope * offset[..., 1]) @ c[:9] + c[11]

    if row["order"] == "sum":
        return (
            m[0] * x + m[1] * y + m[2] + d[0, 0], m[3] * x + m[4] * y + m[5] + d[1, 0],
            m[0] + d[0, 1], m[1] + d[0, 2], m[3] + d[1, 1], m[4] + d[1, 2],
        )

    px, py = x + d[0, 0], y + d[1, 0]
    w = m[6] * px + m[7] * py + m[8]
    u, v = (m[0] * px + m[1] * py + m[2]) / w, (m[3] * px + m[4] * py + m[5]) / w
    ax, ay, bx, by = (m[0] - u * m[6]) / w, (m[1] - u * m[7]) / w, (m[3] - v * m[6]) / w, (m[4] - v * m[7]) / w
    xx, xy, yx, yy = 1 + d[0, 1], d[0, 2], d[1, 1], 1 + d[1, 2]
    return u, v, ax * xx + ay * yx, ax * xy + ay * yy, bx * xx + by * yx, bx * xy + by * yy


def _inverse(row, view, u, v):
    """View points that map to image points: closed form, then Newton's method where there is a spline; NaN if none."""
    m = np.array(row[view + "_matrix"])
    inverse = np.linalg.inv(m.reshape(3, 3)).ravel()
    w = inverse[6] * u + inverse[7] * v + inverse[8]
    x = (inverse[0] * u + inverse[1] * v + inverse[2]) / w
    y = (inverse[3] * u + inverse[4] * v + inverse[5]) / w

    if row[view + "_spline"] is None:
        return x, y

    orientation = np.sign(m[0] * m[4] - m[1] * m[3])
    done = np.zeros(x.shape, bool)

    for _ in range(30):
        uu, vv, ux, uy, vx, vy = _exact(row, view, x, y)
        determinant = ux * vy - uy * vx
        lost = ~done & ~(orientation * determinant > 0)
        x, y = np.where(lost, np.nan, x), np.where(lost, np.nan, y)
        sx = (vy * (u - uu) - uy * (v - vv)) / determinant
        sy = (ux * (v - vv) - vx * (u - uu)) / determinant
        x, y = np.where(done, x, x + sx), np.where(done, y, y + sy)
        done |= np.abs(sx) + np.abs(sy) < 1e-12

    return np.where(done, x, np.nan), np.where(done, y, np.nan)


# ---------------------------------------------------------------------------------------------------------------- main


def array_digest(read):
    """The SHA-256 of a pair's arrays: both views' RGB bytes, then both masks' bytes (0 or 1) where there are any."""
    digest = hashlib.sha256()

    for name in ("source", "target", "source_mask", "target_mask"):
        if read[name] is not None:
            digest.update(np.ascontiguousarray(read[name]).tobytes())

    return digest.hexdigest()


def main(place):
    """Prints a line for each pair, its id and the digest of its arrays, and last the table's digest."""
    table = list(rows(place))

    for row in table:
        if row["row_digest"] != row_digest(row):
            sys.exit("The row of %s does not have the digest it states" % row["pair_id"])

        if row["status"] == "ok":
            print(row["pair_id"], array_digest(pair(row)))

    print("table", table_digest(table))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: synthetic_pairs.py RUN")

    main(sys.argv[1])
