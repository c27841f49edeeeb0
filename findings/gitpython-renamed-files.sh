#!/bin/sh
# GitPython's commit.stats.files has keys that are no files: where a commit renames src/a.py to src/b.py and changes a
# line, the key is "src/{a.py => b.py}", as git draws renames for people. The commit's own diff has both names. One would
# guess the new name, or the old and the new. Counts of changes by file have one more file for each rename, and what is
# looked up by name (an owner, a module, a rule for "*.py": it ends in "}") is not found. Seen with GitPython 3.1.30 and
# git 2.39.5 (Debian 12).
# Needs git and apt-get; installs Debian's package python3-git where it is missing. Exits non-zero where it behaves
# otherwise.
set -eu
/usr/bin/python3 -c 'import git' 2>/dev/null || apt-get install -y --no-install-recommends python3-git >/dev/null
/usr/bin/python3 - <<'PY'
import os
import sys
import tempfile

os.environ.update(GIT_CONFIG_GLOBAL="/dev/null", GIT_CONFIG_SYSTEM="/dev/null")
import git

print("GitPython", git.__version__, "with", git.Git().version())
with tempfile.TemporaryDirectory() as folder:
    repository = git.Repo.init(folder)
    ada = git.Actor("Ada", "ada@example.org")
    os.mkdir(os.path.join(folder, "src"))
    lines = ["line %d\n" % number for number in range(50)]
    with open(os.path.join(folder, "src/a.py"), "w") as file:
        file.writelines(lines)
    repository.index.add(["src/a.py"])
    first = repository.index.commit("one", author=ada, committer=ada)
    repository.index.move(["src/a.py", "src/b.py"])
    with open(os.path.join(folder, "src/b.py"), "w") as file:
        file.writelines(lines + ["one more\n"])
    repository.index.add(["src/b.py"])
    second = repository.index.commit("rename", author=ada, committer=ada)
    names = list(second.stats.files)
    change = first.diff(second)[0]
    print("stats:", names, " diff:", change.rename_from, "to", change.rename_to)
sys.exit(0 if names == ["src/{a.py => b.py}"] and change.rename_to == "src/b.py" else 1)
PY
