#!/bin/sh
# cspell, a spell checker for code, finds nothing wrong with "Fix teh bug in hte reader, adn and taht it doe snot": words of
# fewer than four letters are not looked up, so the commonest slips, "teh", "hte" and "adn", pass; of
# this line it names "taht" alone. codespell, which has a list of mistakes in place of one of words, names all four. One
# would guess that a checker with a dictionary of the language finds whatever is not in it, and so a superset of what a list
# of mistakes finds. A title, a changelog or a label is "checked" with them in it. "minWordLength": 3 finds them, and each
# abbreviation. Seen with cspell 9.8.0 and codespell 2.2.2 (Debian 12).
# Needs node, npm and apt-get; fetches the one package, installs Debian's codespell where it is missing. Exits non-zero
# where they behave otherwise.
set -eu
command -v codespell >/dev/null || apt-get install -y --no-install-recommends codespell >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts cspell@9.8.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
echo 'Fix teh bug in hte reader, adn and taht it doe snot' >title.txt
echo '{"version": "0.2", "minWordLength": 3}' >three.json
printf 'cspell %s\n' "$(node_modules/.bin/cspell --version)"
printf 'codespell %s\n' "$(codespell --version)"
words() { sed -n 's/.*Unknown word (\([a-z]*\)).*/\1/p' | tr '\n' ' '; }
plain=$(node_modules/.bin/cspell --no-progress --no-summary --no-color title.txt | words)
three=$(node_modules/.bin/cspell --no-progress --no-summary --no-color -c three.json title.txt | words)
list=$(codespell --disable-colors title.txt | sed -n 's/.*: \([a-z]*\) ==>.*/\1/p' | tr '\n' ' ')
cat title.txt
echo "cspell: $plain"
echo "cspell with minWordLength 3: $three"
echo "codespell: $list"
[ "$plain" = 'taht ' ]
[ "$three" = 'teh hte adn taht ' ]
[ "$list" = 'teh hte adn taht ' ]
