# SPDX-License-Identifier: MIT
"""statsmodels, patsy, skimage, PyWavelets, xarray, numexpr: what stands on numpy and scipy."""
import numexpr
import numpy as np
import pandas as pd
import patsy
import pywt
import statsmodels.api as sm
import statsmodels.formula.api as smf
import xarray as xr
from skimage import draw, filters, measure, morphology, segmentation, transform

rng = np.random.RandomState(5)
df = pd.DataFrame({"x": rng.rand(300), "g": rng.choice(list("abc"), 300)})
df["y"] = 2 * df.x + (df.g == "b") + rng.rand(300) / 10
fit = smf.ols("y ~ x * C(g) + np.log(x + 1)", df).fit()
print(fit.params.round(4).to_dict(), round(fit.rsquared, 5), str(fit.summary()).splitlines()[4])
print(sm.Logit((df.y > 1.5).astype(int), sm.add_constant(df.x)).fit(disp=0).params.round(3).tolist())
print(sm.tsa.ARIMA(np.cumsum(rng.randn(80)), order=(1, 1, 0)).fit().params.round(3).tolist())
print(
    patsy.dmatrix("g:x", df).design_info.column_names,
    sm.nonparametric.lowess(df.y, df.x)[::99, 1].round(4))
image = np.zeros((80, 80))
for i, r in ((20, 9), (50, 14)):
    image[draw.disk((i, i), r)] = 1
image += rng.rand(80, 80) / 10
labels = measure.label(image > filters.threshold_otsu(image))
print([(p.area, tuple(round(c, 2) for c in p.centroid)) for p in measure.regionprops(labels)])
print(
    filters.sobel(image).sum().round(4),
    transform.rotate(image, 30).sum().round(3),
    morphology.skeletonize(labels > 0).sum(),
    segmentation.slic(image, 6, channel_axis=None).max(), len(measure.find_contours(image, 0.5)))
c = pywt.wavedec(np.sin(np.arange(512) / 9), "db4", level=3)
print([len(x) for x in c],
      pywt.waverec(c, "db4")[5].round(6),
      pywt.dwt2(image, "haar")[0].sum().round(4), pywt.Wavelet("sym5"))
ds = xr.Dataset({"t": (("time", "city"), rng.rand(48, 2))}, {
    "time": pd.date_range("2020", periods=48, freq="H"),
    "city": ["A", "B"]
})
print(
    ds.t.groupby("time.hour").mean()[3].values.round(4),
    ds.sel(city="B").t[5:7].values.round(4),
    ds.resample(time="12H").max().t.shape)
a, b = rng.rand(2, 20000)
print(numexpr.evaluate("sum(where(a > b, a * 2, sin(b)))").round(6), numexpr.evaluate("a**2 + b").shape)
