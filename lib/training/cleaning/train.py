"""Train and cross-validate the line classifier of `rassegna.cleaning`.

    python lib/training/cleaning/train.py LINES_DIR [--folds 5] [--without-made] [--write MODEL.json]

LINES_DIR holds one JSONL file per language, one page per record (README beside this script).
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

import numpy as np
import torch
from evaluate import print_scores
from pages import Record, augmented, donors, read_records
from rassegna.cleaning.features import Lines, Page, features
from rassegna.cleaning.model import GAP, LineModel
from sklearn.model_selection import GroupKFold

LABELS = ("title", "subtitle", "heading", "body", "byline", "dateline", "caption", "furniture")
DILATIONS = (1, 3, 9)
WIDTH = 5
HIDDEN = 64
DROPOUT = 0.15
AVERAGE = 0.995  # weight of the past in the running mean of the weights


class Network(torch.nn.Module):
    """The same computation as `LineModel`, for training."""

    def __init__(self, n_features: int, hidden: int = HIDDEN) -> None:
        super().__init__()
        self.enter = torch.nn.Linear(n_features, hidden)
        self.convs = torch.nn.ModuleList(torch.nn.Linear(WIDTH * hidden, hidden) for _ in DILATIONS)
        self.out = torch.nn.Linear(hidden, len(LABELS))
        self.page = torch.nn.Linear(hidden, len(LABELS), bias=False)
        self.drop = torch.nn.Dropout(DROPOUT)

    def forward(self, batch: dict[str, torch.Tensor]) -> torch.Tensor:
        """Scores of the labels, one row a line."""
        entered = torch.relu(self.enter(self.drop(batch["dense"])))
        row, mask = batch["row"], torch.zeros(int(batch["row"][-1]) + GAP + 1, 1)
        mask[row] = 1
        hidden = torch.zeros(len(mask), entered.shape[1]).index_copy(0, row, entered)
        for conv, dilation in zip(self.convs, DILATIONS, strict=True):
            reach = WIDTH // 2 * dilation
            padded = torch.nn.functional.pad(self.drop(hidden), (0, 0, reach, reach))
            near = torch.cat([padded[k * dilation : k * dilation + len(mask)] for k in range(WIDTH)], dim=1)
            hidden = hidden + torch.relu(conv(near)) * mask
        mine = hidden[row]
        n_pages = int(batch["page"][-1]) + 1
        pooled = torch.zeros(n_pages, mine.shape[1]).index_add(0, batch["page"], mine)
        pooled = pooled / torch.bincount(batch["page"], minlength=n_pages)[:, None]
        return self.out(self.drop(mine)) + self.page(pooled)[batch["page"]]


def tensors(records: list[Record], lines: Lines, mean: np.ndarray, scale: np.ndarray) -> dict[str, torch.Tensor]:
    """Features of a batch of pages as the network takes them."""
    counts = np.array([len(r.lines) for r in records])
    page = np.repeat(np.arange(len(records)), counts)
    return {
        "dense": torch.from_numpy(np.clip((lines.dense - mean) * scale, -4, 4)),
        "row": torch.from_numpy(np.arange(len(page)) + GAP * (page + 1)),
        "page": torch.from_numpy(page),
        "label": torch.tensor([LABELS.index(x) if x in LABELS else -1 for r in records for x in r.labels]),
        "weight": torch.tensor([w for r in records for w in r.weights()], dtype=torch.float32),
    }


def batches(records: list[Record], size: int) -> list[list[Record]]:
    """Cut records into batches of about `size` lines."""
    out: list[list[Record]] = [[]]
    n = 0
    for record in records:
        if n > size:
            out.append([])
            n = 0
        out[-1].append(record)
        n += len(record.lines)
    return [b for b in out if b]


def train(records: list[Record], *, copies: int, epochs: int, seed: int, networks: int) -> LineModel:
    """Train networks, each on the records and augmented copies of its own."""
    given = donors(records)
    found: list[dict[str, np.ndarray]] = []
    for k in range(networks):
        rng = random.Random(seed + k)
        pool = [*records, *(augmented(r, given, rng) for _ in range(copies) for r in records)]
        pool = [r for r in pool if any(x != "unsure" for x in r.labels)]
        rng.shuffle(pool)
        groups = batches(pool, 1500)
        described = [features([Page(r.lines, r.language) for r in g]) for g in groups]
        if k == 0:
            stack = np.concatenate([d.dense for d in described])
            mean, scale = stack.mean(axis=0), 1 / np.maximum(stack.std(axis=0), 0.05)
        data = [tensors(g, d, mean, scale) for g, d in zip(groups, described, strict=True)]
        found.append(fit(data, epochs=epochs, seed=seed + k))
    return LineModel(LABELS, described[0].names, DILATIONS, mean, scale, tuple(found))


def fit(data: list[dict[str, torch.Tensor]], *, epochs: int, seed: int) -> dict[str, np.ndarray]:
    """Fit one network and give its weights in the shape `LineModel` takes."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    net = Network(data[0]["dense"].shape[1])
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-2)
    steps = epochs * len(data)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=4e-3, total_steps=steps, pct_start=0.15)
    blend = torch.optim.swa_utils.get_ema_multi_avg_fn(AVERAGE)
    average = torch.optim.swa_utils.AveragedModel(net, multi_avg_fn=blend)
    for _ in range(epochs):
        for k in torch.randperm(len(data)).tolist():
            batch = data[k]
            loss = torch.nn.functional.cross_entropy(net(batch), batch["label"], reduction="none", ignore_index=-1)
            loss = (loss * batch["weight"]).sum() / (batch["weight"] * (batch["label"] >= 0)).sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            average.update_parameters(net)
    net = average.module
    tensors_out = {
        "enter": net.enter.weight.T, "bias": net.enter.bias, "out": net.out.weight.T, "out_bias": net.out.bias,
        "page": net.page.weight.T,
    }  # fmt: skip
    for k, conv in enumerate(net.convs):
        tensors_out |= {f"conv{k}": conv.weight.T.reshape(WIDTH, -1, len(conv.bias)), f"conv{k}_bias": conv.bias}
    return {name: value.detach().numpy().copy() for name, value in tensors_out.items()}


def rounded(model: LineModel) -> dict[str, object]:
    """The model as whole numbers, each array in units of its own."""

    def entry(value: np.ndarray, unit: float) -> dict[str, object]:
        values = np.rint(value / np.float32(unit)).astype(int).ravel().tolist()
        return {"shape": list(value.shape), "unit": float(np.float32(unit)), "values": values}

    return {
        "about": "Weights of the line classifier, written by lib/training/cleaning/train.py; value = entry * unit.",
        "labels": list(model.labels), "features": list(model.features), "dilations": list(model.dilations),
        "mean": entry(model.mean, 1e-4), "scale": entry(model.scale, 1e-4),
        "networks": [
            {name: entry(value, float(np.abs(value).max()) / 999 or 1.0) for name, value in network.items()}
            for network in model.networks
        ],
    }  # fmt: skip


def main() -> None:
    """Read the arguments, cross-validate, write the model."""
    parser = argparse.ArgumentParser()
    parser.add_argument("lines", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--copies", type=int, default=10)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--networks", type=int, default=3)
    parser.add_argument("--without-made", action="store_true")
    parser.add_argument("--write", type=Path)
    args = parser.parse_args()
    records = read_records(args.lines, without_made=args.without_made)
    options = {"copies": args.copies, "epochs": args.epochs, "networks": args.networks}
    if args.folds:
        out = []
        split = GroupKFold(args.folds, shuffle=True, random_state=7).split(
            records, groups=[r.publisher for r in records]
        )
        for k, (learn, test) in enumerate(split):
            begun = time.time()
            model = train([records[i] for i in learn], seed=100 * k, **options)
            for i in test:
                record = records[i]
                lines, found = model.probabilities([Page(record.lines, record.language)])
                out.append((record, found, lines))
            print(f"fold {k}: {time.time() - begun:.0f} s", flush=True)
        print_scores(out)
    if args.write:
        model = train(records, seed=1, **options)
        text = json.dumps(rounded(model), separators=(",", ":")).replace("]},", "]},\n")
        args.write.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
