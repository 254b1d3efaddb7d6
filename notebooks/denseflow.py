"""Reads what the jobs write: rows of a run's tables, flows and masks as numpy arrays, pictures as PNG.

    for row in table("out/willow", "flows"):
        displacement, confidence = flow(row)    # [rows, columns, 2] in fractions of the sides, [rows, columns]
    for row in table("out/birds", "masks"):
        inside = mask(row)                      # [height, width] bool

Needs numpy; Parquet files need pyarrow. Without pyarrow, write a table as JSON lines (in Spark:
spark.read.parquet(run + "/flows").write.option("ignoreNullFields", False).json(folder + "/flows")) and give that
folder as the run.
"""

import base64
import json
import pathlib
import sqlite3
import struct
import urllib.parse
import zlib

import numpy as np

from synthetic_pairs import decode

BINARY = ("flow", "confidence", "valid", "mask_png", "soft_png", "stylised_png", "feature", "regions", "warp_png")


def table(run, name, columns=None):
    """Rows of a table as dicts, chunk after chunk; columns limits what is read."""
    place = _path(run) / name

    if not place.is_dir():
        raise FileNotFoundError("Cannot read %s: no such folder; is the run finished?" % place)

    parquet = sorted(place.rglob("*.parquet"))

    for file in parquet or sorted(place.rglob("*.json")):
        yield from (_parquet(file, columns) if parquet else _json(file))


def manifest(run):
    """What was run, run.json."""
    return json.loads((_path(run) / "run.json").read_text(encoding="utf-8"))


def summary(folder):
    """The rows of summary.json that have a value."""
    rows = json.loads((_path(folder) / "summary.json").read_text(encoding="utf-8"))
    return [row for row in rows if row["value"] is not None]


def flow(row):
    """A row's displacement [rows, columns, 2], (dx, dy) in fractions of the sides, and confidence [rows, columns]."""
    shape = (row["grid_height"], row["grid_width"])
    numbers = "<f2" if row.get("flow_encoding") == "f16le" else "<f4"
    displacement = np.frombuffer(row["flow"], numbers).reshape(shape + (2,))
    return displacement, np.frombuffer(row["confidence"], numbers).reshape(shape)


def flow_at(row, x, y):
    """Where source pixel (x, y) lies in the target, by the decoding formula of FlowField."""
    displacement = flow(row)[0].astype(np.float64)
    rows, columns = displacement.shape[:2]
    u, v = (x + 0.5) / row["source_width"], (y + 0.5) / row["source_height"]
    gx, gy = np.clip(u * columns - 0.5, 0, columns - 1), np.clip(v * rows - 0.5, 0, rows - 1)
    x0, y0 = min(int(gx), max(0, columns - 2)), min(int(gy), max(0, rows - 2))
    x1, y1 = min(x0 + 1, columns - 1), min(y0 + 1, rows - 1)
    fx, fy = gx - x0, gy - y0
    top = displacement[y0, x0] * (1 - fx) + displacement[y0, x1] * fx
    bottom = displacement[y1, x0] * (1 - fx) + displacement[y1, x1] * fx
    dx, dy = top * (1 - fy) + bottom * fy
    return (u + dx) * row["target_width"] - 0.5, (v + dy) * row["target_height"] - 0.5


def mask(row):
    """A target's mask [height, width]."""
    return decode(row["mask_png"])[..., 0] > 127


def decode_rle(counts, height, width):
    """COCO's compressed run lengths as a mask [height, width]; without pycocotools."""
    runs, at = [], 0

    while at < len(counts):
        value, shift, more = 0, 0, True

        while more:
            group = ord(counts[at]) - 48
            value |= (group & 31) << shift
            more, at, shift = group & 32, at + 1, shift + 5

        value -= (1 << shift) if group & 16 else 0
        runs.append(value + (runs[-2] if len(runs) > 2 else 0))

    flat = np.repeat(np.arange(len(runs)) % 2 == 1, runs)
    return flat.reshape(width, height).T


def database(**tables):
    """An SQLite database in memory with these lists of rows as tables; cells that are no scalars are left out."""
    connection = sqlite3.connect(":memory:")

    for name, rows in tables.items():
        rows = list(rows)
        scalar = lambda value: value is None or isinstance(value, (str, int, float))
        columns = [column for column in rows[0] if all(scalar(row[column]) for row in rows)]
        connection.execute('create table "%s" (%s)' % (name, ", ".join('"%s"' % column for column in columns)))
        marks = ", ".join("?" * len(columns))
        connection.executemany(
            'insert into "%s" values (%s)' % (name, marks), ([row[column] for column in columns] for row in rows)
        )

    return connection


def show(connection, query):
    """Prints what a query gives."""
    found = connection.execute(query)
    lines = [[column[0] for column in found.description]]
    lines += [["%.3f" % cell if isinstance(cell, float) else str(cell) for cell in row] for row in found]
    widths = [max(map(len, column)) for column in zip(*lines)]

    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths)).rstrip())


def bars(values, width=40):
    """Prints named values, 0 to 1, as bars."""
    longest = max(map(len, values))

    for name, value in values.items():
        print("%s  %.3f  %s" % (name.ljust(longest), value, "#" * round(width * value)))


def png(image):
    """An array [height, width, 3] uint8 as PNG."""
    height, width = image.shape[:2]
    lines = np.hstack([np.zeros((height, 1), np.uint8), image.reshape(height, -1)])
    chunk = lambda kind, body: struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines.tobytes())) + chunk(b"IEND", b"")


def flow_picture(row, scale=8):
    """A flow as colours: hue is the direction, saturation the length relative to the longest one."""
    displacement = flow(row)[0] * [row["target_width"], row["target_height"]]
    length = np.hypot(displacement[..., 0], displacement[..., 1])
    angle = (np.arctan2(-displacement[..., 1], -displacement[..., 0]) / np.pi + 1) / 2
    third = (angle[..., None] * 3 - np.arange(3)) % 3
    hue = np.clip(np.minimum(third, 3 - third) * 2 - 1, 0, 1)
    shade = 1 - (length / max(length.max(), 1e-9))[..., None] * hue
    return np.kron((255 * shade).astype(np.uint8), np.ones((scale, scale, 1), np.uint8))


def _path(place):
    parsed = urllib.parse.urlparse(str(place))
    return pathlib.Path(urllib.parse.unquote(parsed.path) if parsed.scheme == "file" else place)


def _parquet(file, columns):
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(file) as opened:
        for batch in opened.iter_batches(batch_size=64, columns=columns):
            yield from batch.to_pylist()


def _json(file):
    with open(file, encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)

            for name in BINARY:
                if row.get(name) is not None:
                    row[name] = base64.b64decode(row[name])

            yield row


def picture(image):
    """Shows an array [height, width, 3] uint8 in a notebook."""
    try:
        from IPython.display import Image, display
    except ImportError:
        print("(a picture of %dx%d)" % (image.shape[1], image.shape[0]))
    else:
        display(Image(png(image)))
