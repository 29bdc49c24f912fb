"""Writes images/ and images.json: files of every pixel format, and the RGB bytes that
Pillow makes of them, squashed to 8x8 with its bilinear filter. Pillow 13.0."""
import json, os, random
from PIL import Image

random.seed(7)
W, H, S = 13, 11, 8
os.makedirs("images", exist_ok=True)
noise = lambda n: bytes(random.randrange(256) for _ in range(n))
# Smooth, so that the chroma of a JPEG has little to lose.
smooth = Image.new("RGB", (4, 3))
smooth.putdata([tuple(random.randrange(40, 216) for _ in range(3)) for _ in range(12)])
smooth = smooth.resize((40, 32), Image.BICUBIC)

gray16 = Image.new("I;16", (W, H))
for y in range(H):
    for x in range(W):
        gray16.putpixel((x, y), random.randrange(65536))
palette = Image.frombytes("P", (W, H), bytes(random.randrange(16) for _ in range(W * H)))
palette.putpalette(noise(16 * 3))
bilevel = Image.frombytes("L", (W, H), noise(W * H)).convert("1")

pngs = {
    "rgb": (Image.frombytes("RGB", (W, H), noise(W * H * 3)), {}),
    "rgba": (Image.frombytes("RGBA", (W, H), noise(W * H * 4)), {}),
    "gray": (Image.frombytes("L", (W, H), noise(W * H)), {}),
    "gray-alpha": (Image.frombytes("LA", (W, H), noise(W * H * 2)), {}),
    "palette": (palette, {}),
    "palette-transparent": (palette, {"transparency": noise(16)}),
    "bilevel": (bilevel, {}),
    "gray16": (gray16, {}),
}
jpegs = {
    "rgb-420": (smooth, {"subsampling": 2}),
    "rgb-444": (smooth, {"subsampling": 0}),
    "progressive": (smooth, {"progressive": True, "subsampling": 2}),
    "gray": (smooth.convert("L"), {}),
    "cmyk": (smooth.convert("CMYK"), {}),
}
cases = []
def add(name, image, options, size=S):
    path = os.path.join("images", name)
    image.save(path, **options)
    opened = Image.open(path)
    if opened.mode == "I;16":  # convert would cut values above 255 off: keep the high byte
        opened = Image.frombytes("L", opened.size, opened.tobytes()[1::2])
    out = opened.convert("RGB").resize((size, size), Image.BILINEAR)
    cases.append({"file": name, "size": size, "rgb": list(out.tobytes())})
for name, (image, options) in pngs.items():
    add(name + ".png", image, options)
for name, (image, options) in jpegs.items():
    add(name + ".jpg", image, {"quality": 95, **options})
exif = Image.Exif()
exif[0x0112] = 6  # turned by 90 degrees: Pillow does not turn it by itself
add("turned.jpg", smooth, {"quality": 95, "subsampling": 0, "exif": exif})
# Hard edges between colours, not resized: what the decoder makes of halved chroma.
edges = Image.new("RGB", (29, 29), (200, 30, 40))
edges.paste((20, 60, 220), (9, 0, 29, 12))
edges.paste((240, 240, 30), (0, 17, 14, 29))
add("edges-420.jpg", edges, {"quality": 95, "subsampling": 2}, 29)
add("edges-422.jpg", edges, {"quality": 95, "subsampling": 1, "restart_marker_blocks": 1}, 29)
json.dump(cases, open("images.json", "w"), separators=(",", ":"))
