"""Random repositories for comparing with git: histories as streams for git fast-import.

History holds branches as dictionaries of path → (mode, content); each step of `STEPS`
changes such a dictionary in one of the ways that are known to go wrong.
"""
from content import Content

FILE, EXECUTABLE, LINK, SUBMODULE = b"100644", b"100755", b"120000", b"160000"
NAMES = [b"new\nline", b"tab\there", b'quo"te', b"back\\slash", b"bad\xe9name", b"\xc3\xa9t\xc3\xa9", b" leading", b"trailing ", b"a => b", b"{braces}", b"{a => b}",
         b"}", b"=>", b"\x01control", b"\x7f", b"-dash", b"star*?[", b"caf\xc3", b"\"", b"\\", b"\r", b"CON", b"...", b"a\"b\\c\td", b"\xf0\x9f\x98\x80", b":colon", b"#hash", b"\x1b[31m"]
FOLDERS = [b"", b"src/", b"src/core/", b"lib/", b"doc/deep/er/", b"a/", b"a/b/", b"b/"]


def quote(path):
    return b'"' + b"".join(bytes([c]) if 48 <= c <= 57 or 65 <= c <= 90 or 97 <= c <= 122 or c in b"/._-" else b"\\%03o" % c for c in path) + b'"'


def put(tree, path, mode, data):
    """A file replaces what is in its way: a folder of its name, a file named as one of its folders."""
    parts = path.split(b"/")
    for i in range(1, len(parts)):
        tree.pop(b"/".join(parts[:i]), None)
    for below in [other for other in tree if other.startswith(path + b"/")]:
        del tree[below]
    tree[path] = (mode, data)


class History:
    def __init__(self, rng, sha_length=40):
        self.rng, self.content, self.sha_length = rng, Content(rng), sha_length
        self.out, self.marks = [], 0
        self.branches = {}  # name → (mark, tree)
        self.commits = []   # (mark, tree)
        self.clock = rng.randint(1_000_000_000, 1_600_000_000)
        self.dates = rng.choice(["rising", "rising", "equal", "falling", "random"])
        self.removed = []
        self.names = iter(range(10**9))

    def mark(self):
        self.marks += 1
        return self.marks

    def data(self, data):
        self.out += [b"data %d\n" % len(data), data, b"\n"]

    def date(self):
        step = {"rising": self.rng.choice([1, 60, 90000]), "equal": self.rng.choice([0, 0, 0, 1]), "falling": -60, "random": self.rng.randint(-10**7, 10**7)}[self.dates]
        self.clock = max(self.clock + step, 0)
        return self.clock

    def commit(self, branch, tree, parents, message=None):
        """parents: (mark, tree) of each. The tree is kept: give a copy."""
        before = parents[0][1] if parents else {}
        mark, date = self.mark(), self.date()
        zone = self.rng.choice([b"+0000", b"+0000", b"-0800", b"+0530", b"+1345"])
        if not parents:
            self.out.append(b"reset %s\n\n" % branch)
        self.out.append(b"commit %s\nmark :%d\nauthor A <a@example.org> %d %s\ncommitter C <c@example.org> %d %s\n" % (branch, mark, max(date - self.rng.choice([0, 0, 500]), 0), zone, date, zone))
        self.data(message if message is not None else self.rng.choice([b"change %d\n" % mark, b"no newline", b"", b"subject\n\nbody\n\n\n", b"%b%H\n"]))
        self.out += [b"from :%d\n" % parents[0][0]] if parents else []
        self.out += [b"merge :%d\n" % parent for parent, _ in parents[1:]]
        self.out += [b"D %s\n" % quote(path) for path in before if path not in tree]
        for path, (mode, data) in tree.items():
            if before.get(path) == (mode, data):
                continue
            if mode == SUBMODULE:
                self.out.append(b"M %s %s %s\n" % (mode, data, quote(path)))
            else:
                self.out.append(b"M %s inline %s\n" % (mode, quote(path)))
                self.data(data)
        self.out.append(b"\n")
        self.branches[branch] = (mark, tree)
        self.commits.append((mark, tree))
        return mark

    def tag(self, name, mark):
        own = self.mark()
        self.out.append(b"tag %s\nmark :%d\nfrom :%d\ntagger T <t@example.org> %d +0000\n" % (name, own, mark, self.clock))
        self.data(b"tag\n")
        return own

    def blob(self, data):
        own = self.mark()
        self.out.append(b"blob\nmark :%d\n" % own)
        self.data(data)
        return own

    def stream(self):
        return b"".join(self.out) + b"done\n"

    # What the steps use.

    def pick(self, tree, wanted=lambda mode, data: True):
        found = [path for path, (mode, data) in tree.items() if wanted(mode, data)]
        return self.rng.choice(found) if found else None

    def text_file(self, tree, lines=0):
        """Some text file, made if there is none."""
        path = self.pick(tree, lambda mode, data: mode in (FILE, EXECUTABLE) and b"\0" not in data and data.count(b"\n") >= lines)
        if path is None:
            path = self.new_path()
            put(tree, path, FILE, self.content.join(self.content.lines(max(lines, 10))))
        return path

    def new_path(self):
        kind, number = self.rng.random(), next(self.names)
        folder = self.rng.choice(FOLDERS)
        if kind < 0.15:
            return self.rng.choice(FOLDERS[:3] + [b"odd " + self.rng.choice(NAMES) + b"/"]) + self.rng.choice(NAMES)
        if kind < 0.4:
            return folder + self.rng.choice([b"Makefile", b"main.c", b"README", b"util.h", b"index.js"])
        return folder + b"file%d%s" % (number, self.rng.choice([b".c", b".py", b".txt", b"", b".h"]))

    def sha(self):
        return bytes(self.rng.choices(b"0123456789abcdef", k=self.sha_length))


def add_some(h, tree):
    for _ in range(h.rng.choice([1, 1, 2, 4])):
        put(tree, h.new_path(), h.rng.choice([FILE, FILE, FILE, EXECUTABLE]), h.content.text())


def edit_some(h, tree):
    for _ in range(h.rng.choice([1, 1, 2, 5])):
        path = h.text_file(tree)
        tree[path] = (tree[path][0], h.content.edit(tree[path][1]))


def add_large(h, tree):
    put(tree, h.rng.choice([b"large", b"src/large.c", h.new_path()]), FILE, h.content.large())


def upheaval(h, tree):
    path = h.text_file(tree, 250)
    tree[path] = (tree[path][0], h.content.upheaval(tree[path][1]))


def edit_large(h, tree):
    path = h.text_file(tree, 250)
    tree[path] = (tree[path][0], h.content.edit(tree[path][1], h.rng.choice([20, 60, 150])))


def pairs(h, tree):
    """Two contents of the same few words, with nothing else in common: many shortest ways."""
    names = [b"pairs/%d" % i for i in range(h.rng.randint(1, 6))]
    words = h.rng.choice([2, 3, 8, 30, 200])
    draw = lambda: h.content.join(h.content.lines(h.rng.choice([5, 20, 80, 300, 1200]), h.rng.choice([0, 0, 0.3]), words), b"\n", h.rng.random() < 0.8)
    for name in names:
        put(tree, name, FILE, draw())
    yield
    for name in names:
        half = tree.get(name, (FILE, b""))[1]
        put(tree, name, FILE, draw() if h.rng.random() < 0.6 else half[:len(half) // 2] + draw() + half[len(half) // 2:])


def binary(h, tree):
    path = h.pick(tree, lambda mode, data: mode == FILE and b"\0" in data)
    if path and h.rng.random() < 0.6:
        put(tree, h.rng.choice([path, h.new_path()]), FILE, h.content.edit(tree[path][1]) if h.rng.random() < 0.7 else h.content.text())
        if h.rng.random() < 0.3:
            tree.pop(path, None)
    else:
        put(tree, h.new_path(), FILE, h.content.binary())


def huge_line(h, tree):
    path = b"huge"
    data = tree.get(path, (FILE, b""))[1]
    place = h.rng.randrange(len(data) + 1)
    put(tree, path, FILE, data[:place] + h.rng.choice([b"x", b"\n"]) + data[place:] if data and h.rng.random() < 0.6 else h.content.huge_line())


def remove_some(h, tree):
    for _ in range(h.rng.choice([1, 1, 3])):
        path = h.pick(tree)
        if path is not None and len(tree) > 3:
            h.removed.append((path, tree.pop(path)))


def add_again(h, tree):
    if h.removed:
        path, (mode, data) = h.rng.choice(h.removed)
        put(tree, path if h.rng.random() < 0.7 else h.new_path(), mode, data)


def rename_exact(h, tree):
    for _ in range(h.rng.choice([1, 1, 2, 6])):
        path = h.pick(tree)
        if path is not None:
            mode, data = tree.pop(path)
            base = path.rsplit(b"/", 1)[-1]
            put(tree, h.rng.choice([h.new_path(), h.rng.choice(FOLDERS) + base, path + b"2", h.rng.choice(FOLDERS) + b"moved/" + base]), mode, data)


def rename_edited(h, tree):
    for _ in range(h.rng.choice([1, 1, 2, 6])):
        path = h.text_file(tree, 5)
        mode, data = tree.pop(path)
        base = path.rsplit(b"/", 1)[-1]
        if h.rng.random() < 0.3:
            mode = EXECUTABLE if mode == FILE else FILE
        put(tree, h.rng.choice([h.new_path(), h.rng.choice(FOLDERS) + base]), mode, h.content.near(data, h.rng.choice([95, 80, 60, 52, 51, 50, 50, 49, 48, 30])) if h.rng.random() < 0.7 else h.content.edit(data))


def rename_near_threshold(h, tree):
    """Equally long lines of which just half, or one more or less, stay."""
    n, width = h.rng.choice([2, 4, 10, 40, 64, 200]), h.rng.choice([3, 20, 63, 64, 65, 100])
    lines = [(b"%d" % (i + n * h.rng.randrange(9))).rjust(width, b"l") for i in range(n)]
    keep = max(0, n // 2 + h.rng.choice([-1, 0, 0, 1]))
    old, new = h.new_path(), h.new_path()
    changed = lines[:keep] + [bytes(h.rng.choices(b"pqrs", k=width)) for _ in range(n - keep)]
    if h.rng.random() < 0.3:
        changed += h.content.lines(n)
    put(tree, old, FILE, h.content.join(lines))
    yield
    tree.pop(old, None)
    put(tree, new, FILE, h.content.join(changed, b"\n", h.rng.random() < 0.8))


def rename_binary(h, tree):
    old, new = h.new_path(), h.new_path()
    data = bytearray(h.rng.choices(range(256), k=h.rng.choice([100, 640, 6400, 9000])))
    put(tree, old, FILE, b"\0" + bytes(data))
    yield
    tree.pop(old, None)
    start = int(len(data) * h.rng.choice([0.1, 0.4, 0.49, 0.5, 0.51, 0.6, 0.9]))
    for i in range(start, len(data)):
        data[i] = h.rng.randrange(256)
    put(tree, new, FILE, b"\0" + bytes(data))


def many_candidates(h, tree):
    """A folder of files that are like each other, moved and edited at once."""
    base, number = h.content.lines(h.rng.choice([4, 20, 40])), h.rng.randint(3, 25)
    folder = b"many%d/" % next(h.names)
    same_names = h.rng.random() < 0.5
    for i in range(number):
        lines = list(base)
        for _ in range(h.rng.choice([0, 0, 1, 5, 12])):
            lines[h.rng.randrange(len(lines))] = h.content.line()
        put(tree, folder + (b"d%d/same.c" % i if same_names else b"f%d.c" % i), FILE, h.content.join(lines))
    yield
    for path in [path for path in tree if path.startswith(folder)]:
        mode, data = tree.pop(path)
        if h.rng.random() < 0.9:
            to = b"other%d/" % next(h.names) if h.rng.random() < 0.2 else b"other/"
            put(tree, to + h.rng.choice([path[len(folder):], b"g%d.c" % next(h.names), b"sub/" + path.rsplit(b"/", 1)[-1]]), mode, data if h.rng.random() < 0.2 else h.content.edit(data, h.rng.choice([1, 2, 4])))


def same_content(h, tree):
    """One content several times, moved all together, with and without a copy that stays."""
    data, names = h.content.text(), [b"same/%d" % i for i in range(h.rng.randint(2, 6))] + [b"same/Makefile", b"Makefile.same"]
    for name in names:
        put(tree, name, h.rng.choice([FILE, FILE, EXECUTABLE]), data)
    yield
    for name in names:
        if h.rng.random() < 0.7:
            mode, data = tree.pop(name, (FILE, data))
            for _ in range(h.rng.choice([0, 1, 1, 2])):
                put(tree, h.rng.choice([b"then/", b"", b"same/x/"]) + h.rng.choice([name.rsplit(b"/", 1)[-1], b"n%d" % next(h.names)]), mode, data)


def copies(h, tree):
    path = h.text_file(tree, 3)
    mode, data = tree[path]
    put(tree, h.new_path(), mode, data)
    put(tree, h.new_path(), mode, h.content.edit(data))
    way = h.rng.random()  # the original stays, changes as well, or goes, where a copy did not take its place
    if path not in tree or way < 0.25:
        return
    if way < 0.5:
        tree[path] = (mode, h.content.edit(data))
    else:
        del tree[path]


def swap(h, tree):
    a, b = h.text_file(tree), h.text_file(tree)
    tree[a], tree[b] = tree[b], tree[a]


def overlapping_paths(h, tree):
    """Renames whose common folders at both ends overlap: a/b/c to a/b/b/c and the like."""
    path = lambda: b"/".join(h.rng.choice([b"p", b"q"]) for _ in range(h.rng.randint(1, 6))) + b"/" + h.rng.choice([b"f", b"f", b"p", b"q.c"])
    root = h.rng.choice([b"", b"p/", b"o%d/" % next(h.names)])
    contents = [(root + path(), h.content.join(h.content.lines(8))) for _ in range(h.rng.randint(1, 5))]
    for name, data in contents:
        put(tree, name, FILE, data)
    yield
    for name, data in contents:
        if tree.get(name) == (FILE, data):
            del tree[name]
            put(tree, h.rng.choice([root, root, b""]) + path(), FILE, data if h.rng.random() < 0.6 else h.content.edit(data, 1))


def move_folder(h, tree):
    folders = sorted({path.rsplit(b"/", 1)[0] for path in tree if b"/" in path})
    if folders:
        folder = h.rng.choice(folders)
        to = h.rng.choice([b"moved", folder + b"/inside", b"up/" + folder, folder.rsplit(b"/", 1)[-1], folder + b"2"])
        for path in [path for path in tree if path.startswith(folder + b"/")]:
            mode, data = tree.pop(path)
            put(tree, to + path[len(folder):], mode, data)


def link(h, tree):
    path = h.pick(tree, lambda mode, data: mode == LINK)
    if path and h.rng.random() < 0.6:
        mode, data = tree.pop(path)
        put(tree, h.rng.choice([path, b"link%d" % next(h.names)]), h.rng.choice([LINK, LINK, FILE]), h.rng.choice([data, data, data + b"x"]))
    else:
        put(tree, b"link%d" % next(h.names), LINK, h.rng.choice([b"target", b"some/where/else/that/is/long/enough", b"line\nline\n", b"x" * 200]))


def type_change(h, tree):
    path = h.pick(tree)
    if path:
        mode, data = tree[path]
        kind = h.rng.choice([FILE, LINK, SUBMODULE])
        tree[path] = (kind, h.sha()) if kind == SUBMODULE else (kind, data if mode != SUBMODULE and h.rng.random() < 0.5 and data else b"other")


def submodule(h, tree):
    path = h.pick(tree, lambda mode, data: mode == SUBMODULE)
    if path and h.rng.random() < 0.7:
        mode, data = tree.pop(path)
        if h.rng.random() < 0.7:
            put(tree, h.rng.choice([path, b"sub%d" % next(h.names)]), mode, h.rng.choice([data, h.sha()]))
    else:
        put(tree, b"sub%d" % next(h.names), SUBMODULE, h.sha())


def executable(h, tree):
    path = h.pick(tree, lambda mode, data: mode in (FILE, EXECUTABLE))
    if path:
        mode, data = tree[path]
        tree[path] = (EXECUTABLE if mode == FILE else FILE, data if h.rng.random() < 0.6 else h.content.edit(data))


def empty_files(h, tree):
    found = [path for path, (mode, data) in tree.items() if not data]
    if found and h.rng.random() < 0.6:
        tree.pop(h.rng.choice(found))
    for _ in range(h.rng.randint(1, 3)):
        put(tree, h.rng.choice(FOLDERS) + b"empty%d" % next(h.names), FILE, b"")


def long_name(h, tree):
    found = [path for path in tree if len(path) > 900]
    if found and h.rng.random() < 0.6:
        mode, data = tree.pop(h.rng.choice(found))
    else:
        mode, data = FILE, h.content.text()
    put(tree, h.rng.choice([b"n" * 10000, b"n" * 9000 + b"%d" % next(h.names), b"/".join([b"folder"] * 300) + b"/%d" % next(h.names), (b"\xe9\n\"" * 400) + b"%d" % next(h.names)]), mode, data)


def odd_name(h, tree):
    path = h.text_file(tree)
    mode, data = tree.pop(path)
    put(tree, h.rng.choice([b"", b"src/", b"a => b/", b"{x}/", b"tab\t/"]) + h.rng.choice(NAMES) + h.rng.choice([b"", b"%d" % next(h.names)]), mode, data)


def case_change(h, tree):
    path = h.pick(tree)
    if path:
        mode, data = tree.pop(path)
        put(tree, path.swapcase(), mode, data if mode == SUBMODULE or h.rng.random() < 0.6 else h.content.edit(data))


def file_and_folder(h, tree):
    path = h.text_file(tree)
    mode, data = tree[path]
    way = h.rng.randrange(4)
    if way == 0:
        put(tree, path + b"/inside", mode, data)
    elif way == 1 and b"/" in path:
        put(tree, path.rsplit(b"/", 1)[0], mode, data)
    elif way == 2:  # names that sort around a folder's
        for ending in (b".", b"-", b"0", b"/x", b" "):
            put(tree, b"sort" + ending, FILE, h.content.text())
    else:
        put(tree, b"sort", FILE, data)


STEPS = [(add_some, 6), (edit_some, 10), (add_large, 2), (upheaval, 8), (edit_large, 3), (pairs, 2), (binary, 3), (huge_line, 0.5), (remove_some, 3), (add_again, 2), (rename_exact, 4),
         (rename_edited, 5), (rename_near_threshold, 3), (rename_binary, 1), (many_candidates, 2), (same_content, 2), (copies, 2), (swap, 1), (overlapping_paths, 4),
         (move_folder, 2), (link, 2), (type_change, 2), (submodule, 3), (executable, 2), (empty_files, 2), (long_name, 0.3), (odd_name, 2), (case_change, 1), (file_and_folder, 2)]


def random_history(rng, commits, sha_length=40):
    h = History(rng, sha_length)
    main, tree = b"refs/heads/main", {}
    for _ in range(4):
        add_some(h, tree)
    h.commit(main, tree, [])
    weights = [weight for _, weight in STEPS]
    while len(h.commits) < commits:
        kind = rng.random()
        branch = rng.choice(sorted(h.branches)) if rng.random() < 0.4 else main
        tip = h.branches[branch]
        if kind < 0.08:
            h.commit(b"refs/heads/branch-%d" % next(h.names), dict(tip[1]), [rng.choice(h.commits)] if rng.random() < 0.3 else [tip])
        elif kind < 0.11:
            tree = {}
            add_some(h, tree)
            h.commit(b"refs/heads/root-%d" % next(h.names), tree, [])
        elif kind < 0.14:
            h.commit(branch, dict(tip[1]), [tip])  # nothing changes
        elif kind < 0.24 and len(h.branches) > 1:
            merge(h, branch)
        elif kind < 0.27 and len(h.commits) > 3:  # the tree of long ago
            h.commit(branch, dict(rng.choice(h.commits)[1]), [tip])
        else:
            tree = dict(tip[1])
            for step in rng.choices([step for step, _ in STEPS], weights, k=rng.choice([1, 1, 2, 3])):
                under_way = step(h, tree)
                if under_way is not None:
                    # Its first half now, its second in a commit that follows at once.
                    next(under_way, None)
                    h.commit(branch, dict(tree), [tip])
                    tip = h.branches[branch]
                    next(under_way, None)
            h.commit(branch, tree, [tip])
    add_tags(h)
    return h


def merge(h, branch):
    rng, others = h.rng, sorted(set(h.branches) - {branch})
    tips = [h.branches[branch]] + [h.branches[name] for name in rng.sample(others, min(len(others), rng.choice([1, 1, 1, 2, 5])))]
    tips = list({mark: (mark, tree) for mark, tree in tips}.values())
    union = {}
    for _, tree in tips if rng.random() < 0.7 else tips[:1]:
        for path, entry in tree.items():
            if path not in union:
                put(union, path, *entry)
    if rng.random() < 0.3:
        edit_some(h, union)
    if len(tips) == 2 and rng.random() < 0.3:  # criss-cross
        other = next(name for name in others if h.branches[name][0] == tips[1][0])
        h.commit(branch, union, tips)
        h.commit(other, dict(union), tips[::-1])
    else:
        h.commit(branch, union, tips)


def add_tags(h):
    rng = h.rng
    for number in range(rng.choice([0, 1, 3])):
        mark = rng.choice(h.commits)[0]
        h.out.append(b"reset refs/tags/light-%d\nfrom :%d\n\n" % (number, mark))
        outer = h.tag(b"annotated-%d" % number, mark)
        if rng.random() < 0.5:
            h.tag(b"of-tag-%d" % number, h.tag(b"middle-%d" % number, outer))
    if rng.random() < 0.3:
        h.tag(b"of-blob", h.blob(h.content.text()))
    for name in (b"refs/notes/commits", b"refs/pull/1/head", b"refs/custom/deep/er"):
        if rng.random() < 0.2:
            h.out.append(b"reset %s\nfrom :%d\n\n" % (name, rng.choice(h.commits)[0]))
