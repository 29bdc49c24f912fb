# Loads tv.safetensors, of a single head, into torchvision's own network and gives
# its logits for the pictures of ../pictures.
import os

import numpy as np
import torch
import torchvision
from PIL import Image
from safetensors import safe_open

with safe_open("tv.safetensors", "pt") as f:
    about, state = f.metadata(), {k: f.get_tensor(k) for k in f.keys()}
(last,) = {"fc.bias", "classifier.1.bias", "classifier.2.bias"} & set(state)
net = getattr(torchvision.models, about["model"])(num_classes=len(state[last])).eval()
net.load_state_dict(state)
size = int(about["image_size"])
pixels = [Image.open(f"../pictures/{n}").convert("RGB").resize((size, size), Image.BILINEAR) for n in sorted(os.listdir("../pictures"))]
x = (np.stack([np.asarray(p) / 255 for p in pixels]) - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
with torch.no_grad():
    logits = {"all": net(torch.tensor(x.transpose(0, 3, 1, 2), dtype=torch.float32))}
