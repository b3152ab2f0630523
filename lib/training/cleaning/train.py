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
from pages import Record, augmented, read_records
from rassegna.line_features import Lines, Page, features
from rassegna.line_model import FIRST, GAP, LineModel
from sklearn.model_selection import GroupKFold

LABELS = ("title", "subtitle", "heading", "body", "byline", "dateline", "caption", "furniture")
DILATIONS = (1, 3)
HIDDEN, BUCKETS, WIDTH = 48, 4096, 8


class Network(torch.nn.Module):
    """The same computation as `LineModel`, for training."""

    def __init__(self, n_features: int, hidden: int = HIDDEN) -> None:
        super().__init__()
        self.words = torch.nn.EmbeddingBag(BUCKETS, WIDTH, mode="mean")
        self.lead = torch.nn.EmbeddingBag(BUCKETS, WIDTH, mode="mean")
        torch.nn.init.normal_(self.words.weight, std=0.1)
        torch.nn.init.normal_(self.lead.weight, std=0.1)
        self.enter = torch.nn.Linear(n_features + 2 * WIDTH, hidden)
        self.convs = torch.nn.ModuleList(
            torch.nn.Conv1d(hidden, hidden, 5, padding=2 * d, dilation=d) for d in DILATIONS
        )
        self.out = torch.nn.Linear(hidden, len(LABELS))
        self.page = torch.nn.Linear(hidden, len(LABELS), bias=False)
        self.drop = torch.nn.Dropout(0.15)
        self.drop_words = torch.nn.Dropout(0.3)

    def forward(self, batch: dict[str, torch.Tensor]) -> torch.Tensor:
        words = self.drop_words(self.words(batch["buckets"], batch["starts"]))
        lead = self.drop_words(self.lead(batch["lead"], batch["lead_starts"]))
        entered = torch.relu(self.enter(torch.cat([self.drop(batch["dense"]), words, lead], dim=1)))
        row, mask = batch["row"], torch.zeros(int(batch["row"][-1]) + GAP + 1, 1)
        mask[row] = 1
        hidden = torch.zeros(len(mask), entered.shape[1]).index_copy(0, row, entered)
        for conv in self.convs:
            value = conv(self.drop(hidden).T[None])[0].T
            hidden = hidden + torch.relu(value) * mask
        mine = hidden[row]
        n_pages = int(batch["page"][-1]) + 1
        pooled = torch.zeros(n_pages, mine.shape[1]).index_add(0, batch["page"], mine)
        pooled = pooled / torch.bincount(batch["page"], minlength=n_pages)[:, None]
        return self.out(self.drop(mine)) + self.page(pooled)[batch["page"]]


def tensors(records: list[Record], lines: Lines, mean: np.ndarray, scale: np.ndarray) -> dict[str, torch.Tensor]:
    """Features of a batch of pages as the network takes them."""
    counts = np.array([len(r.lines) for r in records])
    page = np.repeat(np.arange(len(records)), counts)
    buckets = (lines.words % np.uint64(BUCKETS)).astype(np.int64)
    first = np.zeros(len(buckets), bool)
    for k in range(FIRST):
        at = lines.word_starts[:-1] + k
        first[at[at < lines.word_starts[1:]]] = True
    return {
        "dense": torch.from_numpy(np.clip((lines.dense - mean) * scale, -4, 4)),
        "buckets": torch.from_numpy(buckets),
        "starts": torch.from_numpy(lines.word_starts[:-1]),
        "lead": torch.from_numpy(buckets[first]),
        "lead_starts": torch.from_numpy(np.concatenate([[0], np.cumsum(first)])[lines.word_starts][:-1]),
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


def train(records: list[Record], *, copies: int, epochs: int, seed: int, networks: int = 1) -> LineModel:
    """Train on records and augmented copies of them."""
    rng = random.Random(seed)
    pool = [*records, *(augmented(r, rng) for _ in range(copies) for r in records)]
    pool = [r for r in pool if any(x != "unsure" for x in r.labels)]
    rng.shuffle(pool)
    groups = batches(pool, 1500)
    described = [features([Page(r.lines, r.language) for r in g]) for g in groups]
    stack = np.concatenate([d.dense for d in described])
    mean = stack.mean(axis=0)
    scale = 1 / np.maximum(stack.std(axis=0), 0.05)
    data = [tensors(g, d, mean, scale) for g, d in zip(groups, described, strict=True)]
    weights: dict[str, np.ndarray] = {"mean": mean, "scale": scale}
    for k in range(networks):
        weights |= {f"{k}.{name}": value for name, value in fit(data, epochs=epochs, seed=seed + k).items()}
    return LineModel(
        LABELS, described[0].names, {n: v.astype(np.float32) for n, v in weights.items()}, DILATIONS, networks
    )


def fit(data: list[dict[str, torch.Tensor]], *, epochs: int, seed: int) -> dict[str, np.ndarray]:
    """Fit one network and give its weights in the shape `LineModel` takes."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    net = Network(data[0]["dense"].shape[1])
    optimizer = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-2)
    steps = epochs * len(data)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, max_lr=4e-3, total_steps=steps, pct_start=0.15)
    for _ in range(epochs):
        net.train()
        for k in torch.randperm(len(data)).tolist():
            batch = data[k]
            loss = torch.nn.functional.cross_entropy(net(batch), batch["label"], reduction="none", ignore_index=-1)
            loss = (loss * batch["weight"]).sum() / (batch["weight"] * (batch["label"] >= 0)).sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    n = data[0]["dense"].shape[1]
    enter = net.enter.weight.T
    tensors_out = {
        "words": net.words.weight, "lead": net.lead.weight, "dense": enter[:n], "every": enter[n : n + WIDTH],
        "first": enter[n + WIDTH :], "bias": net.enter.bias, "out": net.out.weight.T, "out_bias": net.out.bias,
        "page": net.page.weight.T,
    }  # fmt: skip
    for k, conv in enumerate(net.convs):
        tensors_out |= {f"conv{k}": conv.weight.permute(2, 1, 0), f"conv{k}_bias": conv.bias}
    return {name: value.detach().numpy().copy() for name, value in tensors_out.items()}


def rounded(model: LineModel) -> dict[str, object]:
    """The model as numbers of three digits, each array in units of its own."""
    entries = {}
    for name, value in model.weights.items():
        exact = name in ("mean", "scale")
        unit = 1e-4 if exact else float(np.abs(value).max()) / 999 or 1.0
        entries[name] = {
            "shape": list(value.shape), "unit": float(np.float32(unit)),
            "values": np.rint(value / np.float32(unit)).astype(int).ravel().tolist(),
        }  # fmt: skip
    return {
        "about": "Weights of the line classifier, written by lib/training/cleaning/train.py; value = entry * unit.",
        "labels": list(model.labels), "dilations": list(model.dilations), "networks": model.networks,
        "features": list(model.features), "weights": entries,
    }  # fmt: skip


def main() -> None:
    """Read the arguments, cross-validate, write the model."""
    parser = argparse.ArgumentParser()
    parser.add_argument("lines", type=Path)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--only-fold", type=int)
    parser.add_argument("--copies", type=int, default=4)
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--networks", type=int, default=1)
    parser.add_argument("--without-made", action="store_true")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--dump", type=Path)
    args = parser.parse_args()
    records = read_records(args.lines, without_made=args.without_made)
    options = {"copies": args.copies, "epochs": args.epochs, "networks": args.networks}
    if args.folds:
        out = []
        split = GroupKFold(args.folds, shuffle=True, random_state=7).split(
            records, groups=[r.publisher for r in records]
        )
        for k, (learn, test) in enumerate(split):
            if args.only_fold is not None and k != args.only_fold:
                continue
            begun = time.time()
            model = train([records[i] for i in learn], seed=100 * k, **options)
            for i in test:
                record = records[i]
                lines, found = model.probabilities([Page(record.lines, record.language)])
                out.append((record, found, lines))
            print(f"fold {k}: {time.time() - begun:.0f} s", flush=True)
        if args.dump:
            import pickle

            args.dump.write_bytes(pickle.dumps(out))
        print_scores(out)
    if args.write:
        model = train(records, seed=1, **options)
        args.write.write_text(
            json.dumps(rounded(model), separators=(",", ":"))
            .replace('"weights":', '\n"weights":')
            .replace("]},", "]},\n")
            + "\n",
            encoding="utf-8",
        )


if __name__ == "__main__":
    main()
