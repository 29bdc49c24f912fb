"""Writes state dicts of random values, pictures and the logits that PyTorch has
for them: weights_in.py OUT SIZE MODEL…"""

import json
import os
import sys

import numpy as np
import timm
import torch
import torchvision
from PIL import Image
from safetensors.torch import save_file

out, size, models = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
tasks = {"action": 5, "emotion": 3, "situation": 4}
mean, std = np.array([0.485, 0.456, 0.406]), np.array([0.229, 0.224, 0.225])

rng = np.random.default_rng(0)
os.makedirs(f"{out}/images")
pixels = []
for i in range(3):
    coarse = Image.fromarray(rng.integers(0, 256, (4, 4, 3), dtype=np.uint8)).resize((size, size), Image.BICUBIC)
    noisy = np.clip(np.asarray(coarse, dtype=int) + rng.integers(-40, 41, (size, size, 3)), 0, 255).astype(np.uint8)
    Image.fromarray(noisy).save(f"{out}/images/{i}.png")
    pixels.append((noisy / 255 - mean) / std)
x = torch.tensor(np.stack(pixels).transpose(0, 3, 1, 2), dtype=torch.float32)


def shake(module):
    """Gives every tensor random values under which all of them matter."""
    with torch.no_grad():
        for name, t in [*module.named_parameters(), *module.named_buffers()]:
            last = name.rsplit(".", 1)[-1]
            if last in ("gamma", "layer_scale"):
                t.uniform_(0.05, 0.2)
            elif last == "running_var":
                t.uniform_(0.5, 1.5)
            elif last == "weight" and t.ndim == 1:
                t.uniform_(0.4, 0.9)
            elif t.ndim == 1:
                t.normal_(0, 0.1)
    return module.eval()


def network(library, model):
    if library == "timm":
        return shake(timm.create_model(model, num_classes=0))
    net = shake(getattr(torchvision.models, model)())
    if model.startswith("resnet"):
        net.fc = torch.nn.Identity()
    else:
        net.classifier[-1] = torch.nn.Identity()
    return net


classifier = {
    ("timm", "efficientnet_b4"): "classifier", ("timm", "convnext_base"): "head.fc",
    ("torchvision", "efficientnet_b4"): "classifier.1", ("torchvision", "convnext_base"): "classifier.2",
}
expected = {}
for model in models:
    for library in "timm", "torchvision":
        torch.manual_seed(len(expected))
        net = network(library, model)
        body = net.state_dict()
        with torch.no_grad():
            features = net(x)
        heads = {t: torch.nn.Linear(features.shape[1], n) for t, n in tasks.items()}
        joint = torch.nn.Linear(features.shape[1], sum(tasks.values()))
        with torch.no_grad():
            multi = {t: h(features).tolist() for t, h in heads.items()}
            single = dict(zip(tasks, (v.tolist() for v in joint(features).split(list(tasks.values()), dim=1))))
        named = {f"heads.{t}.{k}": v for t, h in heads.items() for k, v in h.state_dict().items()}
        fc = {f"{classifier.get((library, model), 'fc')}.{k}": v for k, v in joint.state_dict().items()}

        # Each way to save a file is used somewhere.
        name = f"{model}_{library}"
        if library == "timm":
            save_file({**body, **named}, f"{out}/{name}_multi.safetensors")
            torch.save({**body, **fc}, f"{out}/{name}_single.pth", _use_new_zipfile_serialization=False)
            expected[f"{name}_multi.safetensors"] = {"model": model, "head": "multi", "logits": multi}
        else:
            last = {k: v.to(memory_format=torch.channels_last) if v.ndim == 4 else v for k, v in {**body, **named}.items()}
            torch.save(last, f"{out}/{name}_multi.pth")
            torch.save({"state_dict": {"module." + k: torch.nn.Parameter(v) if v.is_floating_point() else v for k, v in {**body, **fc}.items()}, "epoch": 3}, f"{out}/{name}_single.pth", pickle_protocol=4)
            expected[f"{name}_multi.pth"] = {"model": model, "head": "multi", "logits": multi}
        expected[f"{name}_single.pth"] = {"model": model, "head": "single", "logits": single}
with open(f"{out}/expected.json", "w") as f:
    json.dump(expected, f)
