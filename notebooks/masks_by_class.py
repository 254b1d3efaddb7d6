# %% [markdown]
# # How good are transferred masks, class by class?
# Reads a finished `MaskTransferJob` run: `MASKS=out/birds`.

# %%
import os
import numpy as np
from denseflow import bars, decode_rle, mask, picture, summary, table

MASKS = os.environ.get("MASKS", "out/demo/masks")
rows = summary(MASKS)
for metric in ("iou", "iou-unrefined", "iou-best-exemplar", "iou-copy", "iou-box"):
    bars({metric.ljust(18): row["value"] for row in rows if row["metric"] == metric and row["category"] == "all"})

# %%
bars({row["category"]: row["value"] for row in rows if row["metric"] == "iou" and row["category"] != "all"})

# %% [markdown]
# Agreement says which masks to look at first: the mean IoU of each third by agreement.

# %%
targets = [row for row in table(MASKS, "masks") if row["role"] == "target" and row["status"] == "ok"]
targets.sort(key=lambda row: row["agreement"])
for name, third in zip(("lowest", "middle", "highest"), np.array_split(np.arange(len(targets)), 3)):
    known = [targets[i]["iou"] for i in third if targets[i]["iou"] is not None]
    print("%s third by agreement: mean IoU %.3f" % (name, np.mean(known)))

# %% [markdown]
# The mask with the highest agreement. The run lengths say the same as the PNG.

# %%
best = targets[-1]
inside = mask(best)
assert (decode_rle(best["rle"], best["height"], best["width"]) == inside).all()
print(best["image_id"], "agreement %.2f, %.0f %% of the image" % (best["agreement"], 100 * inside.mean()))
picture(np.repeat(255 * inside[..., None].astype(np.uint8), 3, 2))
