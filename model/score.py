"""Scores texts with a DeepTweet model in NumPy: the reference implementation of the model file.

    python3 score.py model.safetensors < tokens

Each line is one text: its tokens, separated by spaces. Prints its probabilities of being
negative, neutral and positive.
"""
import json, struct, sys
import numpy as np

data = open(sys.argv[1], "rb").read()
start = 8 + struct.unpack("<Q", data[:8])[0]
header = json.loads(data[8:start])

def content(name):
    begin, end = header[name]["data_offsets"]
    return data[start + begin:start + end]

def tensor(name):
    dtype = {"F32": "<f4", "F16": "<f2", "I8": "i1"}[header[name]["dtype"]]
    return np.frombuffer(content(name), dtype).astype(np.float32).reshape(header[name]["shape"])

# Row 0 of the embedding is padding, row 1 is for unknown words.
vocabulary = {word: row for row, word in enumerate(content("vocabulary").decode().split("\n"), 2)}

def sigmoid(x):
    return 1 / (1 + np.exp(-x))

def lstm(x, direction):
    inputs, recurrent, bias = (tensor(f"lstm.{direction}.{name}") for name in ("input", "recurrent", "bias"))
    h = c = np.zeros(len(recurrent))
    for row in x:  # the gates are block input, forget, output, input
        g, f, o, i = np.split(row @ inputs + h @ recurrent + bias, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        yield h

negations = set("""
    not no n't never nobody nothing none noone nowhere neither nor without hardly barely
    cannot cant wont dont doesnt didnt isnt arent wasnt werent havent hasnt hadnt wouldnt couldnt shouldnt
    aint mustnt neednt""".split())

def ends_scope(token):  # conjunctions, hearts, and what begins as a sign, emoticon or emoji
    first = token.encode()[0]
    return (token in {"but", "although", "though", "however", "because", "<3", "</3"}
            or first < 0x80 and not chr(first).isalnum() and first != ord("<") or first == 0xE2 or first >= 0xF0)

def negated(tokens):  # whether each token is one of the up to five in the scope of a negation
    left = 0
    for token in tokens:
        if token in negations or ends_scope(token):
            left = 5 if token in negations else 0
            yield False
        else:
            yield left > 0
            left -= left > 0

def bucket(ngram, mask, size):  # FNV-1a, exclusive or with the mask, and the first half of lowbias32
    h = 0x811C9DC5
    for byte in ngram: h = (h ^ byte) * 0x01000193 & 0xFFFFFFFF
    h ^= mask
    h = (h ^ h >> 16) * 0x7FEB352D & 0xFFFFFFFF
    return (h ^ h >> 15) & size - 1

def ngram_logits(tokens, weights):
    text = " ".join(tokens).encode()
    # the mask of an n-gram that starts in each token, and of one that starts in each byte; a space is its next token's
    marks = [0x9E3779B9 * (mark and "ngrams.negation" in header) for mark in negated(tokens)]
    of_bytes = [mark for i, (token, mark) in enumerate(zip(tokens, marks)) for _ in (" " * (i > 0) + token).encode()]
    words = [(" ".join(tokens[i:i + n]).encode(), ~marks[i] & 0xFFFFFFFF)
             for n in (1, 2, 3) for i in range(len(tokens) - n + 1)]
    spelling = [(text[i:i + n], of_bytes[i]) for n in range(2, 7) for i in range(len(text) - n + 1)]
    return sum(sum(weights[bucket(*ngram, len(weights))] for ngram in ngrams) / max(1, len(ngrams)) ** 0.5
               for ngrams in (words, spelling))

def ngram_weights():
    return tensor("ngrams.weight") * (tensor("ngrams.scale") if "ngrams.scale" in header else 1)

def score(tokens):
    logits = tensor("dense.bias").astype(float)  # of the heads: polarity, and opinion if there are three classes
    if tokens:
        x = tensor("embedding")[[vocabulary.get(token, 1) for token in tokens]]
        pooled = [np.max(list(lstm(*side)), axis=0) for side in ((x, "forward"), (x[::-1], "backward"))]
        logits += np.concatenate(pooled) @ tensor("dense.weight")
        if "ngrams.weight" in header: logits += ngram_logits(tokens, ngram_weights())
    positive, opinion = [*sigmoid(logits), 1][:2]  # without an opinion head every text has an opinion
    return opinion * (1 - positive), 1 - opinion, opinion * positive

maximum_length = int(header["__metadata__"]["maximum_length"])
for line in sys.stdin:
    print("%.6f %.6f %.6f" % score(line.split()[:maximum_length]))
