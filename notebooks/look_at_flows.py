# %% [markdown]
# # What do the flows of a run look like?
# Reads a finished `DenseFlowJob` run. Set `RUN` in the environment, or run `scripts/demo` first.

# %%
import os
from denseflow import flow, flow_at, flow_picture, manifest, picture, table

RUN = os.environ.get("RUN", "out/demo/run")
run = manifest(RUN)
print(run["job"], "on", run["inputs"]["dataset"].rsplit("/", 1)[-1])
print(run["inputs"]["method"], "with", run["inputs"]["backbone"], "features:", run["counts"]["pairs"], "pairs,",
      run["counts"]["failed"], "failed")

# %% [markdown]
# Pairs by matching score, the mean cosine of the matched cells: the best and the worst.

# %%
rows = sorted((row for row in table(RUN, "flows") if row["status"] == "ok"), key=lambda row: -row["score"])
for row in rows[:3] + rows[-3:]:
    print("%.3f  %s" % (row["score"], row["pair_id"]))

# %% [markdown]
# Their flows as colours (hue is direction, saturation length), and where the middle of the source lies in the target.

# %%
for row in (rows[0], rows[-1]):
    x, y = row["source_width"] / 2, row["source_height"] / 2
    print("%s: (%.0f, %.0f) -> (%.1f, %.1f), mean confidence %.2f"
          % ((row["pair_id"], x, y) + flow_at(row, x, y) + (flow(row)[1].mean(),)))
    picture(flow_picture(row))
