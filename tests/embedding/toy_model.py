#!/usr/bin/env python3
"""Embedding models small enough to reckon with by hand, as ONNX files written byte by byte.

toy_model.py FOLDER writes vocab.txt and the models of MODELS. A piece's vector is looked up in TABLE; that is all
a model does ([batch, tokens, 3]), so what the program makes of them can be told in advance.
"""
import pathlib
import struct
import sys

# Words that mean the same lie in the same direction.
TABLE = {
    "[PAD]": (9.0, -9.0, 9.0),  # would be seen at once if padding counted
    "[UNK]": (0.0, 0.0, 0.125),
    "[CLS]": (0.0, 0.0, 0.125),
    "[SEP]": (0.0, 0.0, 0.125),
    "crash": (1.0, 0.0, 0.0),
    "abort": (1.0, 0.125, 0.0),
    "##ed": (0.25, 0.0, 0.0),
    "slow": (0.0, 1.0, 0.0),
    "sluggish": (0.125, 1.0, 0.0),
    "typo": (0.0, 0.0, 1.0),
}
PIECES = list(TABLE)
WIDTH = 3
FLOAT, INT64 = 1, 7


def varint(value):
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number, value):
    """A number, or bytes (a message, a text)."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    value = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(value)) + value


def tensor_type(name, element, shape):
    """ValueInfoProto; a dimension is a number or a name."""
    dimensions = b"".join(field(1, field(1, each) if isinstance(each, int) else field(2, each)) for each in shape)
    return field(1, name) + field(2, field(1, field(1, element) + field(2, dimensions)))


def node(operator, inputs, outputs, *attributes):
    return b"".join(field(1, each) for each in inputs) + b"".join(field(2, each) for each in outputs) + field(4, operator) + b"".join(field(5, each) for each in attributes)


def integer(name, value):
    return field(1, name) + field(3, value) + field(20, 2)


def integers(name, values):
    return field(1, name) + b"".join(field(8, each) for each in values) + field(20, 7)


def table(name, rows):
    flat = [each for row in rows for each in row]
    return field(1, len(rows)) + field(1, len(rows[0])) + field(2, FLOAT) + field(8, name) + field(9, struct.pack(f"<{len(flat)}f", *flat))


def model(nodes, inputs, outputs, tables=(), opset=13):
    graph = b"".join(field(1, each) for each in nodes) + field(2, "toy") + b"".join(field(5, each) for each in tables)
    graph += b"".join(field(11, each) for each in inputs) + b"".join(field(12, each) for each in outputs)
    return field(1, 8) + field(2, "toy") + field(7, graph) + field(8, field(1, "") + field(2, opset))


ANY = ("batch", "tokens")


def numbers(shape=ANY):
    return tensor_type("input_ids", INT64, shape)


def mask(shape=ANY):
    return tensor_type("attention_mask", INT64, shape)


ROWS = table("table", [TABLE[piece] for piece in PIECES])
LOOK_UP = node("Gather", ["table", "input_ids"], ["last_hidden_state"])
HIDDEN = tensor_type("last_hidden_state", FLOAT, (*ANY, WIDTH))
MODELS = {
    "tokens": model([LOOK_UP], [numbers(), mask()], [HIDDEN], [ROWS]),
    # Reads exactly eight pieces: shorter texts are padded.
    "fixed": model([LOOK_UP], [numbers((1, 8)), mask((1, 8))], [tensor_type("last_hidden_state", FLOAT, (1, 8, WIDTH))], [ROWS]),
    # With segments, all of them the first; its vector is added to each piece's.
    "types": model(
        [LOOK_UP, node("Gather", ["segments", "token_type_ids"], ["segment"]), node("Add", ["last_hidden_state", "segment"], ["sum"])],
        [numbers(), mask(), tensor_type("token_type_ids", INT64, ANY)], [tensor_type("sum", FLOAT, (*ANY, WIDTH))], [ROWS, table("segments", [(0.0, 0.0, 0.5), (8.0, 8.0, 8.0)])]),
    # Gives one vector a text, beside those of the pieces.
    "pooled": model(
        [LOOK_UP, node("ReduceMax", ["last_hidden_state"], ["sentence_embedding"], integers("axes", [1]), integer("keepdims", 0))],
        [numbers(), mask()], [HIDDEN, tensor_type("sentence_embedding", FLOAT, ("batch", WIDTH))], [ROWS]),
    # The same meanings, turned: another model.
    "turned": model([LOOK_UP], [numbers(), mask()], [HIDDEN], [table("table", [TABLE[piece][1:] + TABLE[piece][:1] for piece in PIECES])]),
    # None of these will do.
    "broken": b"\x08\x08 this is no model",
    "newer": model([LOOK_UP], [numbers(), mask()], [HIDDEN], [ROWS], opset=999),
    "no_mask": model([LOOK_UP], [numbers()], [HIDDEN], [ROWS]),
    "pixels": model([node("Identity", ["pixels"], ["last_hidden_state"])], [tensor_type("pixels", FLOAT, (*ANY, WIDTH))], [HIDDEN]),
    "whole_numbers": model([node("Identity", ["input_ids"], ["same"])], [numbers(), mask()], [tensor_type("same", INT64, ANY)]),
    "flat": model([node("Identity", ["flat_table"], ["flat"])], [numbers(), mask()], [tensor_type("flat", FLOAT, (2, WIDTH))], [table("flat_table", [(1.0, 1.0, 1.0)] * 2)]),
    "not_a_number": model([LOOK_UP], [numbers(), mask()], [HIDDEN], [table("table", [(float("nan"),) * WIDTH for _ in PIECES])]),
    # A vocabulary longer than the table: the runtime finds pieces that it has no row for.
    "short_table": model([LOOK_UP], [numbers(), mask()], [HIDDEN], [table("table", [TABLE[piece] for piece in PIECES[:3]])]),
}


def write(folder):
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text("".join(piece + "\n" for piece in PIECES))
    for name, content in MODELS.items():
        (folder / f"{name}.onnx").write_bytes(content)


if __name__ == "__main__":
    write(sys.argv[1])
