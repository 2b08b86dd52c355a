"""Scores tokens with a DeepTweet model in NumPy: python3 score.py model.safetensors < lines-of-tokens"""
import json, struct, sys
import numpy as np

data = open(sys.argv[1], "rb").read()
start = 8 + struct.unpack("<Q", data[:8])[0]
header = json.loads(data[8:start])
part = lambda name: data[slice(*(start + at for at in header[name]["data_offsets"]))]
tensor = lambda name: np.frombuffer(part(name), "<f4").reshape(header[name]["shape"])
vocabulary = {word: row + 2 for row, word in enumerate(part("vocabulary").decode().split("\n"))}
sigmoid = lambda x: 1 / (1 + np.exp(-x))

def lstm(x, side):
    inputs, recurrent, bias = (tensor(f"lstm.{side}.{name}") for name in ("input", "recurrent", "bias"))
    h = c = np.zeros(len(recurrent))
    for row in x:  # gates: block input, forget, output, input
        g, f, o, i = np.split(row @ inputs + h @ recurrent + bias, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        yield h

def bucket(ngram, flip, size):  # FNV-1a, then a mixer; words and bytes differ in all bits
    h = 0x811C9DC5
    for byte in ngram: h = (h ^ byte) * 0x01000193 & 0xFFFFFFFF
    h = (h ^ flip ^ (h ^ flip) >> 16) * 0x7FEB352D & 0xFFFFFFFF
    return (h ^ h >> 15) & size - 1

def score(tokens):
    x = tensor("embedding")[[vocabulary.get(token, 1) for token in tokens]]
    pooled = [np.max(list(lstm(*side)), axis=0) for side in ((x, "forward"), (x[::-1], "backward"))] if tokens else []
    logit = (np.concatenate(pooled) @ tensor("dense.weight") if tokens else 0) + tensor("dense.bias")[0]
    if tokens and "ngrams.weight" in header:
        weights, text = tensor("ngrams.weight"), " ".join(tokens).encode()
        words = [" ".join(tokens[i:i + n]).encode() for n in (1, 2, 3) for i in range(len(tokens) - n + 1)]
        spelling = [text[i:i + n] for n in range(2, 7) for i in range(len(text) - n + 1)]
        for ngrams, flip in (words, 0xFFFFFFFF), (spelling, 0):
            logit += sum(weights[bucket(ngram, flip, len(weights))] for ngram in ngrams) / max(1, len(ngrams)) ** 0.5
    return sigmoid(float(np.squeeze(logit)))

for line in sys.stdin:
    print("%.6f" % score(line.split()[:int(header["__metadata__"]["maximum_length"])]))
