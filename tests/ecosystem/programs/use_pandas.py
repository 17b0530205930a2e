# SPDX-License-Identifier: MIT
"""pandas: frames, groups, joins, time series, strings, apply with Python functions, csv and json.

"""
import io
import numpy as np, pandas as pd

df = pd.DataFrame({
    "k": [i % 7 for i in range(2000)], "v": np.arange(2000) * 0.5, "s":
    ["w%d" % (i % 13) for i in range(2000)]
})
print(df.groupby("k").agg({"v": ["sum", "mean"], "s": "nunique"}).round(3).to_string())
print(
    df.apply(lambda r: r["k"] + r["v"], axis=1).sum(),
    df["s"].str.upper().value_counts().sort_index().head(3).to_dict())
print(
    pd.merge(df.head(5), pd.DataFrame({"k": [0, 1, 2], "n": list("abc")}), on="k",
             how="left").to_string())
ts = pd.Series(range(100), index=pd.date_range("2020-01-01", periods=100, freq="6H"))
print(ts.resample("5D").sum().to_dict())
out = io.StringIO()
df.head(3).to_csv(out, index=False)
print(out.getvalue())
print(
    pd.read_csv(io.StringIO(out.getvalue())).dtypes.to_dict(),
    df.head(2).to_json(orient="records"))
print(
    df.pivot_table(index="k", columns=df["s"].str[-1], values="v",
                   aggfunc="max").fillna(-1).iloc[:2, :4].to_string())
for i, row in df.head(300).iterrows():
    x = row["v"]
print(x,
      df.describe().loc["std"].round(4).to_dict(),
      pd.to_datetime(["2020-01-31", "1999-12-01"]).strftime("%d/%m/%y").tolist())
try:
    df["nope"]
except KeyError as e:
    print("KeyError", e)
