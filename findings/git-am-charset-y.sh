#!/bin/sh
# `git send-email` asks "Which 8bit encoding should I declare [UTF-8]?", and many have answered "y": lists are full of
# patches with "charset=y", whose text is UTF-8. `git am` refuses such a mail as a whole ("cannot convert from y to
# UTF-8", "could not parse patch"), though the diff is plain to see and all its blanks are in place; Python's email
# raises LookupError for its text. One would guess that a charset nobody knows is read as what it is by its bytes, as
# git does for a commit's own encoding. A tool that asks git or Python for the texts of a list loses these mails.
# --no-utf8, which leaves the text as it is, makes git am take it. Seen with git 2.39.5, Python 3.11 (Debian 12).
# Needs Debian's packages git and python3; fetches nothing. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$folder"
git --version
python3 --version
git init -q -b main repository
cd repository
printf 'Pump\n' >README
git add README
git commit -q -m base
cat >../y.eml <<'MAIL'
From: Bob <bob@example.net>
Date: Mon, 12 Oct 2026 09:00:00 -0400
Subject: [PATCH] readme: say where it is made
MIME-Version: 1.0
Content-Type: text/plain; charset=y
Content-Transfer-Encoding: 8bit

Asked for often.
---
diff --git a/README b/README
--- a/README
+++ b/README
@@ -1 +1,2 @@
 Pump
+Made in Göteborg
MAIL
if git am -q ../y.eml 2>../y.txt; then echo "git am took it"; exit 1; fi
sed 's/^/git am: /' ../y.txt
git am --abort
git am -q --no-utf8 ../y.eml && echo "git am --no-utf8 took it"
python3 - ../y.eml <<'PYTHON'
import email, sys
from email import policy
message = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=policy.default)
try:
    message.get_content()
    sys.exit("Python read it")
except LookupError as error:
    print("Python: LookupError:", error)
PYTHON
grep -q 'cannot convert from y to UTF-8' ../y.txt
