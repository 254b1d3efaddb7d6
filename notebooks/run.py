"""Runs the notebooks, which are Python files with cells "# %%", and keeps their outputs as NAME.ipynb beside them.

    python3 notebooks/run.py [--check] [NAME ...]    # all without a name; --check runs them and keeps nothing

Needs what the notebooks need, not Jupyter. A notebook that fails ends the run with its error.
"""

import ast
import base64
import contextlib
import io
import json
import pathlib
import sys

import denseflow

FOLDER = pathlib.Path(__file__).resolve().parent
TOOLS = {"denseflow", "synthetic_pairs", "run"}


def cells(text):
    """The cells of a text: (kind, source)."""
    for part in text.split("# %%")[1:]:
        head, _, body = part.partition("\n")
        body = body.strip("\n")

        if "[markdown]" in head:
            yield "markdown", "\n".join(line.removeprefix("#").removeprefix(" ") for line in body.splitlines())
        else:
            yield "code", body


def run(path):
    """The notebook of a file, its code run from top to bottom."""
    namespace, made, count = {"__name__": "__main__"}, [], 0

    for kind, source in cells(path.read_text(encoding="utf-8")):
        cell = {"cell_type": kind, "id": "%s-%d" % (path.stem, len(made)), "metadata": {}, "source": source}

        if kind == "code":
            count += 1
            cell.update(execution_count=count, outputs=outputs(source, namespace, path))

        made.append(cell)

    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return {"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}


def outputs(source, namespace, path):
    """What a cell prints, and the pictures it shows."""
    printed, shown = io.StringIO(), []
    namespace_picture = denseflow.picture
    denseflow.picture = lambda image: shown.append(image)
    namespace["picture"] = denseflow.picture

    try:
        with contextlib.redirect_stdout(printed):
            exec(compile(ast.parse(source, str(path)), str(path), "exec"), namespace)
    finally:
        denseflow.picture = namespace_picture

    found = [{"output_type": "stream", "name": "stdout", "text": printed.getvalue()}] if printed.getvalue() else []
    encode = lambda image: base64.b64encode(denseflow.png(image)).decode("ascii")
    return found + [
        {"output_type": "display_data", "metadata": {}, "data": {"image/png": encode(image)}} for image in shown
    ]


def main(arguments):
    names = [argument for argument in arguments if argument != "--check"]
    paths = [FOLDER / (name + ".py") for name in names]
    paths = paths or sorted(path for path in FOLDER.glob("*.py") if path.stem not in TOOLS)

    for path in paths:
        notebook = json.dumps(run(path), indent=1, ensure_ascii=False) + "\n"

        if "--check" not in arguments:
            path.with_suffix(".ipynb").write_text(notebook, encoding="utf-8")

        print("ran", path.name)


if __name__ == "__main__":
    main(sys.argv[1:])
