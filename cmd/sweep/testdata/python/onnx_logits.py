# Checks best.onnx, and gives its logits for the pictures of ../pictures in one
# batch, and one by one.
import json
import os

import numpy as np
import onnx
import onnxruntime
from PIL import Image

onnx.checker.check_model("best.onnx", full_check=True)
net = onnxruntime.InferenceSession("best.onnx", providers=["CPUExecutionProvider"])
about = net.get_modelmeta().custom_metadata_map
size = int(about["image_size"])
pixels = [Image.open(f"../pictures/{n}").convert("RGB").resize((size, size), Image.BILINEAR) for n in sorted(os.listdir("../pictures"))]
x = (np.stack([np.asarray(p) / 255 for p in pixels]) - json.loads(about["mean"])) / json.loads(about["std"])
x = x.transpose(0, 3, 1, 2).astype(np.float32)
tasks, labels = json.loads(about["tasks"]), json.loads(about["labels"])
assert [o.name for o in net.get_outputs()] == tasks
batch = dict(zip(tasks, net.run(None, {"images": x})))
alone = [net.run(tasks, {"images": x[i : i + 1]}) for i in range(len(x))]
assert all(len(labels[t]) == v.shape[1] for t, v in batch.items())
logits = {"batch": batch, "alone": {t: np.concatenate([row[k] for row in alone]) for k, t in enumerate(tasks)}}
