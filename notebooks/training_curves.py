# %% [markdown]
# # Did training converge?
# Reads the table `curves` of a `TrainJob` run: `TRAINING=out/sfnet`.

# %%
import os
from denseflow import table

TRAINING = os.environ.get("TRAINING", "out/sfnet")
rows = list(table(TRAINING, "curves"))
print(len(rows), "points with the columns", ", ".join(rows[0]))

# %% [markdown]
# Each curve from its first to its last value.

# %%
curves = {}
for row in sorted(rows, key=lambda row: row["step"]):
    curves.setdefault("%s %s" % (row["part"], row["name"]), []).append(row["value"])
for name, values in sorted(curves.items()):
    low, high = min(values), max(values)
    marks = " .:-=+*#%@"
    every = values[:: max(1, len(values) // 60)]
    line = "".join(marks[round(9 * (value - low) / (high - low))] if high > low else "-" for value in every)
    print("%-28s %10.4f -> %10.4f  %s" % (name, values[0], values[-1], line))
