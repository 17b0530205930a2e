# SPDX-License-Identifier: MIT
"""astropy, erfa and ephem: units, times, coordinates, tables, files, positions of planets."""
import io

import ephem
import erfa
import numpy as np
from astropy import constants, coordinates, table, time, units as u, wcs
from astropy.io import ascii, fits
from astropy.modeling import fitting, models
from astropy.utils import iers

iers.conf.auto_download = False
print((5 * u.km / (2 * u.s)).to(u.m / u.s), constants.c.to("km/s"), (3 * u.m)**2 + 4 * u.cm**2,
      u.Unit("erg / s").decompose())
try:
    1 * u.m + 1 * u.s
except u.UnitsError as e:
    print(e)
t = time.Time("2020-02-29T12:00:00", scale="utc")
print(t.jd, t.tt.iso, (t + 5 * u.day).isot, t.unix, time.Time([1.5, 2.5], format="mjd").yday)
c = coordinates.SkyCoord("10h30m", "+41d12m", frame="icrs")
print(c.galactic.to_string("dms"),
      c.separation(coordinates.SkyCoord(150 * u.deg, 40 * u.deg)).deg.round(8), c.to_string("hmsdms"))
tab = table.Table({"a": [3, 1, 2], "b": ["x", "y", "x"], "q": [1, 2, 3] * u.m})
tab.sort("a")
print(tab,
      tab.group_by("b").groups.keys["b"].tolist(),
      table.join(tab, tab, "a").colnames, tab["q"].to("cm"))
print(
    ascii.read("a b\n1 x\n2 y\n", format="basic").as_array(),
    ascii.read("a,b\n1,2.5\n", format="fast_csv")["b"][0])
out = io.BytesIO()
fits.HDUList([
    fits.PrimaryHDU(np.arange(12.).reshape(3, 4)),
    fits.BinTableHDU(tab),
    fits.CompImageHDU(np.arange(100, dtype="i4").reshape(10, 10))
]).writeto(out)
with fits.open(io.BytesIO(out.getvalue())) as f:
    print(f[0].data.sum(), f[1].data["b"], f[1].columns.names, f[2].data[3, 3], f[0].header["NAXIS1"],
          repr(f[1].header["TFORM1"]))
w = wcs.WCS(naxis=2)
w.wcs.crpix, w.wcs.cdelt, w.wcs.crval, w.wcs.ctype = [5, 5], [-0.1, 0.1], [10, 20], ["RA---TAN", "DEC--TAN"]
print(w.wcs_pix2world([[1, 2], [5, 5]], 1).round(6), w.to_header()["CRVAL1"])
x = np.linspace(0, 9, 100)
fit = fitting.LevMarLSQFitter()(models.Gaussian1D(1, 4, 1), x, 3 * np.exp(-(x - 5)**2 / 2 / .8**2))
print(fit.parameters.round(5), erfa.cal2jd(2020, 2, 29), erfa.era00(2451545, np.arange(3.)).round(8))
mars = ephem.Mars("2020/1/1")
print(mars.ra, mars.dec, ephem.constellation(mars), ephem.next_full_moon("2020/1/1"),
      ephem.Date("2020/2/29").tuple())
place = ephem.city("Paris")
place.date = "2020/6/1"
print(place.next_rising(ephem.Sun()), ephem.separation(ephem.Moon(place), mars))
try:
    ephem.Mars().ra
except RuntimeError as e:
    print(str(e)[:60])
