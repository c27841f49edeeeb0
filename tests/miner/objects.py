"""git's object formats, written by hand, so that they can be odd or wrong on purpose."""
import hashlib
import pathlib
import struct
import zlib

TYPES = {"commit": 1, "tree": 2, "blob": 3, "tag": 4}
OFFSET_DELTA, REFERENCE_DELTA = 6, 7


def object_id(kind, data, algorithm="sha1"):
    return hashlib.new(algorithm, b"%s %d\0" % (kind.encode(), len(data)) + data).hexdigest()


def loose_path(repository, sha):
    return pathlib.Path(repository) / "objects" / sha[:2] / sha[2:]


def write_loose(repository, kind, data, level=1, sha=None):
    """repository: the folder that holds objects/. Returns the id."""
    sha = sha or object_id(kind, data, "sha256" if is_sha256(repository) else "sha1")
    path = loose_path(repository, sha)
    path.parent.mkdir(exist_ok=True)
    if not path.exists():
        path.write_bytes(zlib.compress(b"%s %d\0" % (kind.encode(), len(data)) + data, level))
    return sha


def is_sha256(repository):
    config = pathlib.Path(repository) / "config"
    return config.exists() and "sha256" in config.read_text().lower()


def tree(entries):
    """entries: (mode, name, id in hexadecimal) in the order given."""
    return b"".join(mode + b" " + name + b"\0" + bytes.fromhex(sha) for mode, name, sha in entries)


def commit(tree_sha, parents=(), author=b"A <a@example.org> 1500000000 +0000", committer=None, message=b"x\n", extra=b""):
    lines = [b"tree " + tree_sha.encode(), *(b"parent " + parent.encode() for parent in parents), b"author " + author, b"committer " + (committer or author)]
    return b"\n".join(lines) + b"\n" + extra + b"\n" + message


def tag(sha, kind, name=b"t", tagger=b"A <a@example.org> 1500000000 +0000"):
    return b"object %s\ntype %s\ntag %s\ntagger %s\n\nx\n" % (sha.encode(), kind.encode(), name, tagger)


def varint(number):
    out = bytearray()
    while True:
        out.append(number & 0x7F | (0x80 if number > 0x7F else 0))
        number >>= 7
        if not number:
            return bytes(out)


def delta(base_size, result_size, instructions):
    """instructions: bytes to insert, or (offset, size) to copy; sizes as claimed."""
    out = bytearray(varint(base_size) + varint(result_size))
    for instruction in instructions:
        if isinstance(instruction, bytes):
            for at in range(0, len(instruction), 127):
                piece = instruction[at:at + 127]
                out += bytes([len(piece)]) + piece
        else:
            offset, size = instruction
            out += b"\xff" + struct.pack("<I", offset) + struct.pack("<I", size)[:3]
    return bytes(out)


class Pack:
    """A pack and its index (version 2), object by object."""

    def __init__(self):
        self.data, self.entries = bytearray(b"PACK" + struct.pack(">II", 2, 0)), []

    def add(self, sha, kind, content, base=None, claimed=None, level=1):
        """kind: commit, tree, blob, tag, 6 (base: its offset) or 7 (base: its id). Returns the offset."""
        offset, number = len(self.data), TYPES.get(kind, kind)
        size = len(content) if claimed is None else claimed
        first, rest = number << 4 | size & 15, size >> 4
        self.data.append(first | (0x80 if rest else 0))
        if rest:
            self.data += varint(rest)
        if number == OFFSET_DELTA:
            back, out = offset - base, []
            out.append(back & 0x7F)
            while back := back >> 7:
                back -= 1
                out.append(0x80 | back & 0x7F)
            self.data += bytes(reversed(out))
        elif number == REFERENCE_DELTA:
            self.data += bytes.fromhex(base)
        self.data += zlib.compress(content, level)
        self.entries.append((sha, offset, zlib.crc32(self.data[offset:])))
        return offset

    def write(self, repository, name=None):
        """Returns the path of the pack."""
        self.data[8:12] = struct.pack(">I", len(self.entries))
        digest = hashlib.sha1(self.data).digest()
        entries = sorted(self.entries)
        counts = [sum(int(sha[:2], 16) <= first for sha, _, _ in entries) for first in range(256)]
        index = b"\xfftOc" + struct.pack(">I", 2) + struct.pack(">256I", *counts) + b"".join(bytes.fromhex(sha) for sha, _, _ in entries)
        index += b"".join(struct.pack(">I", crc) for _, _, crc in entries) + b"".join(struct.pack(">I", offset) for _, offset, _ in entries) + digest
        index += hashlib.sha1(index).digest()
        folder = pathlib.Path(repository) / "objects" / "pack"
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"pack-{name or digest.hex()}.pack"
        path.write_bytes(bytes(self.data) + digest)
        path.with_suffix(".idx").write_bytes(index)
        return path


def index_offsets(path):
    """sha → (offset, place of the offset's field in the file) of an index of version 2."""
    data = pathlib.Path(path).read_bytes()
    count = struct.unpack(">I", data[8 + 255 * 4:8 + 256 * 4])[0]
    names, offsets = 8 + 1024, 8 + 1024 + count * 24
    return {data[names + i * 20:names + i * 20 + 20].hex(): (struct.unpack(">I", data[offsets + i * 4:offsets + i * 4 + 4])[0], offsets + i * 4) for i in range(count)}
