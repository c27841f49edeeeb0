#!/usr/bin/env python3
"""Puts files of a room together that may be compiled as one; prints what is to be compiled.

Headers and templates are most of what a file costs to compile, so files compiled together cost a part of it. Two
files are put together only where nothing that one of them declares for itself (in an unnamed namespace, by `using`,
by a macro) is as much as mentioned by the other: then each means what it means alone. In tests it is enough that
neither declares what the other, or any header, declares; a mistake there does not compile, or fails.
"""
import argparse
import pathlib
import re

TEXT = re.compile(r'//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\'', re.S)
WORD = re.compile(r'[A-Za-z_]\w*|[^\s\w]|\d[\w.\']*')
NOT_NAMES = set('''alignas auto bool char class const constexpr consteval constinit decltype double enum explicit extern final float
friend if inline int long mutable noexcept operator private public return short signed static static_assert struct template
typename union unsigned using void volatile while for switch namespace requires concept TEST TEST_F TEST_P
INSTANTIATE_TEST_SUITE_P RC_GTEST_PROP TYPED_TEST'''.split())


def names(statement):
    """What a declaration at the level of a namespace declares."""
    words = list(statement)
    while words and words[0] == 'template':
        depth = 0
        for at, word in enumerate(words):
            depth += (word == '<') - (word == '>')
            if word == '>' and depth == 0:
                break
        words = words[at + 1:]
    if not words:
        return set()
    if words[0] == 'using':
        return {words[1]} if '=' in words else set()
    if words[0] in ('struct', 'class', 'enum', 'union'):
        for word in words[1:]:
            if word not in NOT_NAMES and re.match(r'[A-Za-z_]', word):
                return {word}
        return set()
    depth, last = 0, None
    for word in words:
        if word == '<':
            depth += 1
        elif word == '>':
            depth = max(0, depth - 1)
        elif depth == 0 and word in '(={[;':
            break
        elif depth == 0 and re.match(r'[A-Za-z_]', word) and word not in NOT_NAMES:
            last = word
    return {last} if last else set()


def scan(path):
    """What a file declares for itself, all it mentions that is no member of something, and what it brings in by `using`."""
    text = path.read_text(encoding='utf-8')
    text = TEXT.sub(lambda found: '""' if found.group(0)[0] in '"R' else ' ', text)
    macros = set(re.findall(r'^[ \t]*#[ \t]*define[ \t]+(\w+)', text, re.M))
    text = re.sub(r'^[ \t]*#[^\n]*(?:\\\n[^\n]*)*', '', text, flags=re.M)
    mentioned = set(re.findall(r'(?<![\w.:])(?<!->)([A-Za-z_]\w*)', text))
    own, used, open_braces, statement, parentheses = macros, {}, [], [], 0
    for word in WORD.findall(text):
        inside = 'other' in open_braces
        if word in '([':
            parentheses += 1
        elif word in ')]':
            parentheses -= 1
        unnamed = 'unnamed' in open_braces
        if word == '{':
            if not inside and statement and 'namespace' in statement[:2] and parentheses == 0:
                open_braces.append('unnamed' if statement[-1] == 'namespace' else 'named')
                statement = []
                continue
            if not inside and unnamed:
                own |= names(statement + ['{'])
            open_braces.append('other')
        elif word == '}':
            closed = open_braces.pop() if open_braces else None
            if closed == 'other' and 'other' not in open_braces and parentheses == 0:
                statement = []
        elif inside:
            continue
        elif word == ';' and parentheses == 0:
            if statement[:1] == ['using'] and '=' not in statement:
                used[' '.join(statement)] = statement[-1]
            elif unnamed or statement[:1] == ['using']:
                own |= names(statement)
            statement = []
        else:
            statement.append(word)
    return own, mentioned, used


def fit(one, other, tests):
    """Whether neither file, or group of files, means something else beside the other."""
    (own, mentioned, used), (other_own, other_mentioned, other_used) = one, other
    if own & other_own or not tests and (own & other_mentioned or other_own & mentioned):
        return False
    for each, name in (used.items() ^ other_used.items()):
        # What a whole namespace or enumeration brings in isn't known: those who bring it in are together.
        if each.startswith(('using namespace', 'using enum')):
            return False
        if name in (mentioned if each in other_used else other_mentioned):
            return False
    return True


def names_of_headers(folders):
    """What headers declare at the level of a namespace, by lines that begin there, and the namespaces' own names."""
    found = set()
    for folder in folders:
        for path in folder.rglob('*.hpp'):
            if 'node_modules' in path.parts:
                continue
            text = TEXT.sub(lambda part: '""' if part.group(0)[0] in '"R' else ' ', path.read_text(encoding='utf-8'))
            for line in re.findall(r'^[A-Za-z][^\n]*', text, re.M):
                if line.startswith('namespace'):
                    found |= set(re.findall(r'\w+', line)) - {'namespace'}
                else:
                    found |= names(WORD.findall(line) + [';'])
    return found


def main():
    parser = argparse.ArgumentParser(description='Puts files that may be compiled as one together.')
    parser.add_argument('--into', type=pathlib.Path, required=True, help='the folder for what is made')
    parser.add_argument('--below', type=pathlib.Path, required=True, help='the folder that files are included from')
    parser.add_argument('--size', type=int, default=8)
    parser.add_argument('--tests', action='store_true')
    parser.add_argument('files', nargs='*', type=pathlib.Path)
    arguments = parser.parse_args()
    groups = []
    known = names_of_headers([arguments.below / 'src', arguments.below / 'tests']) if arguments.tests else set()
    for path in sorted(arguments.files):
        file = scan(path)
        alone = bool(file[0] & known)
        for group in groups:
            if not alone and not group['alone'] and len(group['files']) < arguments.size and fit(file, group['scanned'], arguments.tests):
                break
        else:
            group = {'files': [], 'scanned': (set(), set(), {}), 'alone': alone}
            groups.append(group)
        group['files'].append(path)
        for sofar, more in zip(group['scanned'], file):
            sofar.update(more)
    arguments.into.mkdir(parents=True, exist_ok=True)
    made = set()
    for group in groups:
        if len(group['files']) == 1:
            print(group['files'][0])
            continue
        text = ''.join(f'#include "{path.relative_to(arguments.below)}"\n' for path in group['files'])
        # Named for its first file: where others come and go, most stay as they are.
        target = arguments.into / (str(group['files'][0].relative_to(arguments.below)).replace('/', '_'))
        made.add(target)
        if not target.exists() or target.read_text() != text:
            target.write_text(text)
        print(target)
    for old in set(arguments.into.iterdir()) - made:
        old.unlink()


if __name__ == '__main__':
    main()
