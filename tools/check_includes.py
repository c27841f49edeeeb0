#!/usr/bin/env python3
"""Every file includes the standard headers of what it uses, or the header of the same name does.

Which header brings which other along differs between releases of the compiler's library: what g++ 12 builds by
luck, g++ 14 refuses (std::find without <algorithm>, the usual one). Only headers that others bring along in one
release and not in another are looked at. `--fix` puts the missing lines in; format the files afterwards.
"""
import pathlib
import re
import sys

USES = {
    'algorithm': r'sort|stable_sort|partial_sort|nth_element|find_if|find_if_not|any_of|all_of|none_of|count_if|max_element|'
                 r'min_element|minmax_element|reverse|rotate|unique|remove_if|copy_n|copy_if|fill|fill_n|transform|equal|'
                 r'lower_bound|upper_bound|equal_range|binary_search|shuffle|clamp|lexicographical_compare|mismatch|'
                 r'is_sorted|for_each|push_heap|pop_heap|make_heap|partition|find|count|copy|min|max|set_\w+',
    'numeric': r'accumulate|iota|inner_product|partial_sum|gcd|lcm',
    'cstring': r'memcpy|memchr|memcmp|strlen|memmove|memset',
    'atomic': r'atomic',
    'mutex': r'mutex|lock_guard|unique_lock|scoped_lock|once_flag|call_once',
    'charconv': r'from_chars|to_chars',
}
NOT_CALLED = re.compile(r'atomic|mutex')


def missing(path):
    text = path.read_text()
    code = re.sub(r'"(?:\\.|[^"\\\n])*"|//[^\n]*', '', text)
    own = path.with_suffix('.hpp')
    included = set(re.findall(r'#include <([\w/.]+)>', text))
    if own != path and own.exists():
        included |= set(re.findall(r'#include <([\w/.]+)>', own.read_text()))
    for header, names in USES.items():
        end = r'\b' if NOT_CALLED.fullmatch(header) else r'\s*[(<]'
        if header not in included and (found := re.search(rf'\bstd::({names}){end}', code)):
            yield header, found[1]


def main():
    failed = 0
    for folder in ('src', 'tests', 'fuzz', 'bench'):
        for path in sorted(pathlib.Path(folder).rglob('*.[ch]pp')):
            if 'node_modules' in path.parts:
                continue
            for header, name in list(missing(path)):
                if '--fix' in sys.argv:
                    lines = path.read_text().splitlines(keepends=True)
                    own = [i for i, line in enumerate(lines) if re.match(r'#include <', line)]
                    last = own[-1]
                    lines.insert(last + 1, f'#include <{header}>\n')
                    path.write_text(''.join(lines))
                else:
                    print(f'{path}: uses std::{name} without #include <{header}>')
                    failed = 1
    return failed


if __name__ == '__main__':
    sys.exit(main())
