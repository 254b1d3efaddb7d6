# %% [markdown]
# # Which method scores best, and under which protocol?
# Reads the `summary.json` of one or more outputs of `EvaluateJob`: `SCORES=out/a-scores,out/b-scores`.

# %%
import os
from denseflow import bars, summary

FOLDERS = os.environ.get("SCORES", "out/demo/scores").split(",")
rows = [dict(row, run=folder.rstrip("/").rsplit("/", 1)[-1]) for folder in FOLDERS for row in summary(folder)]
print("protocols:", ", ".join(sorted({row["protocol"] for row in rows})))

# %% [markdown]
# The mean over all pairs of each run, protocol and metric.

# %%
bars({"%s %s %s %s" % (row["run"], row["method"], row["protocol"], row["metric"]): row["value"]
      for row in rows if row["category"] == "all" and 0 <= row["value"] <= 1})

# %% [markdown]
# By category, for the metric in the middle: where a method wins or loses.

# %%
metrics = sorted({row["metric"] for row in rows if row["metric"].startswith("pck")})
metric = metrics[len(metrics) // 2]
print(metric)
bars({"%s %s" % (row["category"], row["run"]): row["value"]
      for row in sorted(rows, key=lambda row: row["category"]) if row["metric"] == metric and row["category"] != "all"})
