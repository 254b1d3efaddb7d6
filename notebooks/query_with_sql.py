# %% [markdown]
# # What can be asked in SQL?
# A run's tables are Parquet, so Spark SQL, DuckDB or Athena read them as they are. Here SQLite, which Python has, is
# given the columns that are not dense fields.

# %%
import os
from denseflow import database, show, table

RUN = os.environ.get("RUN", "out/demo/run")
SCORES = os.environ.get("SCORES", "out/demo/scores").split(",")[0]
db = database(flows=table(RUN, "flows"), metrics=table(SCORES, "metrics"))

# %% [markdown]
# Failures by reason, and what the rest is like.

# %%
show(db, "select status, error_code, count(*) pairs, avg(score) mean_score from flows group by 1, 2")

# %% [markdown]
# Does the matching score predict PCK? The mean of each category beside its score.

# %%
show(db, """
    select f.category, count(*) pairs, avg(f.score) matching_score, avg(m.value) "pck@0.10"
    from flows f join metrics m on m.pair_id = f.pair_id and m.metric = 'pck@0.10'
    group by 1 order by 4 desc""")

# %% [markdown]
# The pairs to look at first: confident, and wrong.

# %%
show(db, """
    select f.pair_id, f.score, m.value "pck@0.10"
    from flows f join metrics m on m.pair_id = f.pair_id and m.metric = 'pck@0.10'
    where m.value < 0.5 order by f.score desc limit 5""")
