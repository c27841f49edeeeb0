"""What stands in the files of synthetic repositories, and how it is edited.

Aims at what makes line counts differ between implementations that are all "right":
frequent lines, moved blocks, large edits where git's search gives up early, missing
final newlines, carriage returns, huge lines, NUL bytes near git's limit of 8,000.
"""

FREQUENT = [b"", b"}", b"", b"    }", b"\treturn 0;", b"#endif", b"end", b"{"]


class Content:
    def __init__(self, rng):
        self.rng, self.serial = rng, 0

    def line(self):
        """Unique, for all that follows."""
        self.serial += 1
        return b"%s %d %s" % (self.rng.choice([b"int", b"def", b"let", b"", b"    x ="]), self.serial, b"y" * self.rng.choice([0, 3, 10, 30, 70, 130]))

    def lines(self, count, frequent=0.0, vocabulary=0):
        words = [b"word %d" % i for i in range(vocabulary)]
        pick = self.rng.random
        return [self.rng.choice(FREQUENT) if pick() < frequent else self.rng.choice(words) if words else self.line() for _ in range(count)]

    def join(self, lines, ending=b"\n", final=True):
        data = ending.join(lines)
        return data + ending if final and lines else data

    def text(self):
        rng = self.rng
        count = rng.choice([0, 1, 1, 2, 3, 5, 10, 20, 40, 60, 100, 200])
        kind = rng.random()
        lines = self.lines(count, rng.choice([0, 0, 0.2, 0.5, 0.9]), rng.choice([0, 0, 0, 3, 20]))
        if kind < 0.1:
            lines = [line + rng.choice([b"", b"\r", b"\rmiddle", b"\r\r"]) for line in lines]
        return self.join(lines, b"\r\n" if 0.1 < kind < 0.2 else b"\n", rng.random() < 0.8)

    def large(self):
        rng = self.rng
        return self.join(self.lines(rng.choice([300, 600, 1200, 2500, 5000]), rng.choice([0, 0.1, 0.3, 0.6]), rng.choice([0, 0, 0, 40, 400])), b"\n", rng.random() < 0.9)

    def huge_line(self):
        body = bytes(self.rng.choices(range(32, 127), k=4000)) * self.rng.randint(1, 260)
        return self.rng.choice([body, body + b"\n", b"a\n" + body + b"\nz\n", body + b"\n" + body[5:] + b"\n" + body])

    def binary(self):
        rng = self.rng
        size = rng.choice([1, 10, 200, 5000, 7999, 8000, 8001, 20000])
        data = bytearray(rng.choices(range(1, 256), k=size) if rng.random() < 0.5 else b"plain text, line by line\n" * (size // 25 + 1))
        place = rng.choice([0, 5, 7998, 7999, 8000, 8001, 9000, None])
        if place is not None:
            data += b"x" * max(0, place + 1 - len(data))
            data[place] = 0
        return bytes(data)

    def edit(self, data, strength=None):
        """A changed version of a file's content."""
        rng = self.rng
        if b"\0" in data[:8000]:
            place = rng.randrange(len(data) + 1)
            return rng.choice([data[:place] + b"changed" + data[place:], data[:place], data.replace(b"\0", b" "), data + b"\0tail"])
        ending = b"\r\n" if data.count(b"\r\n") * 2 > data.count(b"\n") else b"\n"
        final = data.endswith(ending)
        lines = data.split(ending)
        if final:
            lines.pop()
        way = rng.random()
        if way < 0.06:
            final = not final
        elif way < 0.1:
            ending = b"\n" if ending == b"\r\n" else b"\r\n"
        elif way < 0.13 and lines:
            place = rng.randrange(len(lines))
            lines[place] = lines[place] + rng.choice([b"\r", b" ", b"\rx", b"\0"])
        else:
            for _ in range(strength or rng.choice([1, 1, 2, 3, 6, 15])):
                lines = self.edit_lines(lines)
            if rng.random() < 0.1:
                final = not final
        return self.join(lines, ending, final)

    def edit_lines(self, lines):
        rng = self.rng
        place = rng.randrange(len(lines) + 1)
        size = min(rng.choice([1, 1, 1, 2, 3, 8, 20, 40]), len(lines) - place)
        way = rng.randrange(10)
        block = lines[place:place + size]
        rest = lines[:place] + lines[place + size:]
        if way < 2:
            return lines[:place] + self.lines(rng.choice([1, 1, 2, 5, 30]), rng.choice([0, 0.3, 1])) + lines[place:]
        if way < 4:
            return rest
        if way < 6:
            return lines[:place] + self.lines(size, rng.choice([0, 0.5])) + lines[place + size:]
        if way == 6:  # moved
            to = rng.randrange(len(rest) + 1)
            return rest[:to] + block + rest[to:]
        if way == 7:  # doubled
            to = rng.randrange(len(lines) + 1)
            return lines[:to] + block + lines[to:]
        if way == 8:
            return lines[:place] + block[::-1] + lines[place + size:]
        return lines[:place] + [rng.choice(FREQUENT)] * rng.randint(1, 5) + lines[place + size:]

    def upheaval(self, data):
        """Hundreds of edits: where git's search takes short cuts and gives up."""
        rng = self.rng
        lines = data.split(b"\n")
        final = lines[-1] == b""
        if final:
            lines.pop()
        way = rng.randrange(7)
        if way == 0:
            rng.shuffle(lines)
        elif way == 1:  # blocks of 15 to 60 lines in another order: snakes of 20 and more
            blocks, at = [], 0
            while at < len(lines):
                size = rng.randint(15, 60)
                blocks.append(lines[at:at + size])
                at += size
            for _ in range(rng.choice([1, 2, 5, 100])):
                a, b = rng.randrange(len(blocks)), rng.randrange(len(blocks))
                blocks[a], blocks[b] = blocks[b], blocks[a]
            lines = [line for block in blocks for line in block]
        elif way == 2:
            share = rng.choice([0.02, 0.1, 0.3, 0.6])
            lines = [self.rng.choice(FREQUENT + [self.line()]) if rng.random() < share else line for line in lines]
        elif way == 3:
            share = rng.choice([0.05, 0.2, 0.5])
            lines = [line for line in lines if rng.random() > share]
        elif way == 4:
            lines = [line for kept in lines for line in ([kept, rng.choice(FREQUENT)] if rng.random() < 0.3 else [kept])]
        elif way == 5:  # blocks repeated, with noise
            start = rng.randrange(len(lines) or 1)
            block = lines[start:start + rng.randint(20, 200)]
            for _ in range(rng.randint(1, 8)):
                to = rng.randrange(len(lines) + 1)
                lines = lines[:to] + [line if rng.random() < 0.95 else self.line() for line in block] + lines[to:]
        else:
            for start in range(0, len(lines), 50):  # shuffled near by
                block = lines[start:start + 50]
                rng.shuffle(block)
                lines[start:start + 50] = block
        return self.join(lines[:12000], b"\n", final)

    def near(self, data, percent):
        """About that share of the lines kept, the others replaced by as long ones."""
        lines = data.split(b"\n")
        keep = round(len(lines) * percent / 100)
        kept = set(self.rng.sample(range(len(lines)), min(keep, len(lines))))
        changed = [line if i in kept else bytes(self.rng.choices(b"abcdefghij", k=max(len(line), 1 if line else 0))) for i, line in enumerate(lines)]
        if self.rng.random() < 0.3:
            self.rng.shuffle(changed)
        return b"\n".join(changed)
