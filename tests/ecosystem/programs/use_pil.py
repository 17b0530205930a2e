# SPDX-License-Identifier: MIT
"""Pillow: making, drawing, filters, formats, pixel access from Python, numpy and back."""
import hashlib
import io
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

im = Image.new("RGB", (120, 80), "navy")
d = ImageDraw.Draw(im)
d.ellipse((10, 10, 90, 70), fill=(250, 120, 5), outline="white")
d.line([(0, 0), (119, 79)], fill="red", width=3)
d.text((5, 60), "text", fill="white")
print(hashlib.md5(im.tobytes()).hexdigest(), im.getpixel((50, 40)), im.histogram()[:3])
p = im.load()
for x in range(120):
    for y in range(80):
        p[x, y] = (p[x, y][0] ^ x, p[x, y][1], y)
print(
    hashlib.md5(im.tobytes()).hexdigest(), im.getbbox(),
    sum(v for v, in [(c[0], ) for c in im.getdata()]))
for f in ("PNG", "BMP", "GIF", "TIFF", "PPM"):
    b = io.BytesIO()
    im.save(b, f)
    b.seek(0)
    back = Image.open(b)
    back.load()
    print(f, back.size, back.mode, back.format,
          hashlib.md5(back.convert("RGB").tobytes()).hexdigest()[:8])
print(
    hashlib.md5(
        im.filter(ImageFilter.GaussianBlur(2)).resize(
            (33, 44), Image.BICUBIC).rotate(30).tobytes()).hexdigest(),
    ImageOps.grayscale(im).point(lambda v: v * 2 if v < 100 else 0).getextrema())
print(
    ImageChops.difference(im, im).getbbox(),
    im.crop((0, 0, 5, 5)).transpose(Image.ROTATE_90).size, [len(b.getdata()) for b in im.split()])
for bad in ("Image.open(io.BytesIO(b'junk'))", "im.getpixel((999, 0))", "Image.new('QQ', (1, 1))",
            "Image.frombytes('RGB', (2, 2), b'x')"):
    try:
        eval(bad)
    except Exception as e:
        print(type(e).__name__, str(e)[:60].split(" <")[0])
