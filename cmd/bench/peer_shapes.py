"""Times networks of timm, and single products and convolutions of PyTorch, channels
last: the peer of `bench -shapes`. Reads a JSON request a line, writes the seconds of one call a line."""
import json
import sys
import time

import torch

torch.set_num_threads(int(sys.argv[1]))
MASKS = {"input": (True, False, False), "weight": (False, True, False)}
runs = {}


CLASSES = (13, 6, 17)


def network(q):
    import timm
    net = timm.create_model(q["model"], num_classes=sum(CLASSES)).to(memory_format=torch.channels_last)
    x = torch.randn(q["n"], 3, q["size"], q["size"]).contiguous(memory_format=torch.channels_last)
    if q["pass"] == "infer":
        net.eval()
        return lambda: net(x)
    labels = [torch.randint(0, c, (q["n"],)) for c in CLASSES]
    adamw = torch.optim.AdamW(net.parameters(), lr=5e-5, weight_decay=0.01)

    def step():
        with torch.enable_grad():
            parts = net(x).split(CLASSES, 1)
            loss = sum(torch.nn.functional.cross_entropy(z, y) for z, y in zip(parts, labels))
            adamw.zero_grad()
            loss.backward()
        adamw.step()
    return step


def prepare(q):
    if q["pass"] in ("train", "infer"):
        return network(q)
    if q["pass"] == "product":
        a, b, c = torch.randn(q["m"], q["k"]), torch.randn(q["k"], q["n"]), torch.empty(q["m"], q["n"])
        return lambda: torch.mm(a, b, out=c)
    last = torch.channels_last
    x = torch.randn(q["n"], q["c"], q["h"], q["w"]).contiguous(memory_format=last)
    w = torch.randn(q["o"], q["c"] // q["groups"], q["kh"], q["kw"]).contiguous(memory_format=last)
    stride, pad, groups = [q["stride"]] * 2, [q["pad"]] * 2, q["groups"]
    if q["pass"] == "forward":
        return lambda: torch.nn.functional.conv2d(x, w, None, stride, pad, 1, groups)
    dy = torch.randn_like(torch.nn.functional.conv2d(x, w, None, stride, pad, 1, groups))
    return lambda: torch.ops.aten.convolution_backward(
        dy, x, w, None, stride, pad, [1, 1], False, [0, 0], groups, MASKS[q["pass"]])


print(json.dumps({"torch": torch.__version__}), flush=True)
with torch.no_grad():
    for line in sys.stdin:
        q = json.loads(line)
        seconds, now = q.pop("seconds"), time.process_time if q["cpu"] else time.perf_counter
        key = json.dumps(q, sort_keys=True)
        if key not in runs:
            runs.clear()
            runs[key] = prepare(q)
            runs[key]()
        n, start = 0, now()
        while n == 0 or now() - start < seconds:
            runs[key]()
            n += 1
        print((now() - start) / n, flush=True)
