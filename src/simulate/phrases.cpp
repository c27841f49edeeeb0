#include "simulate/phrases.hpp"

namespace resident::simulation::phrases {

const std::vector<List>& bug_titles() {
  static const std::vector<List> lists = {
      {"{e} in {m}.{f}() when {c}", "{m}.{f}() raises {e} if {c}", "{f}: unexpected {e} when {c}",
       "Uncaught {e} from the {n} code when {c}", "{e} while trying to {w} a {n}: {c}"},
      {"{m}.{f}() crashes when {c}", "Crash in {f} ({m}/{n}.py) when {c}", "Segmentation fault in {m}.{n} if {c}",
       "Interpreter aborts in {f}() as soon as {c}", "Hard crash: {w} on a {n} when {c}"},
      {"Regression in {v}: {f}() fails when {c}", "{f}() worked in {u}, broken in {v} ({c})",
       "Since {v} {m}.{n} can no longer {w} when {c}", "{m}: {e} after upgrading from {u} to {v}"},
      {"{f}() returns a wrong result when {c}", "Wrong {n} from {m}.{f}() if {c}",
       "{m}.{f}() silently drops the last {o} when {c}", "{n} is off by one after {f}() when {c}",
       "Incorrect {n}/{o} mapping in {m} when {c}"},
      {"{f}() leaks memory when {c}", "Memory grows without bound in {m}.{n} ({c})",
       "{n} objects are never freed when {c}", "Reference leak in {m}.{f}()"},
      {"{f}() is very slow when {c}", "Quadratic behaviour in {m}.{f}() when {c}",
       "{m}: {w} takes {r} times longer in {v} than in {u}", "Performance of {n} drops badly once {c}"},
      {"{f}() hangs when {c}", "Deadlock between {n} and {o} when {c}", "{m}.{f}() never returns if {c}",
       "{w} on a {n} blocks forever ({c})"},
      {"{m}.{f}() ignores its {o} argument when {c}", "{o} setting has no effect on {f}() if {c}",
       "{n} does not honour the {o} when {c}"},
      {"Race condition in {m}.{n} when {c}", "{f}() is not thread-safe: {n} corrupted when {c}",
       "Sporadic failures of {f}() when {c}"},
      {"{m}: {n} fails to build on {p}", "Compilation error in {m}/{n} on {p}",
       "Cannot import {m} on {p}: {n} is missing"},
      {"Misleading error message from {f}() when {c}", "{f}() reports {e} without naming the {n}",
       "{m}: improve diagnostics of {w} when {c}"},
  };
  return lists;
}

const List& feature_titles() {
  static const List list = {"Add a {o} parameter to {m}.{f}()",
                            "{m}: support for {o} in {n}",
                            "Allow {f}() to {w} several {n}s at once",
                            "Make {m}.{n} usable as a context manager",
                            "Provide an asynchronous variant of {f}()",
                            "Expose the {o} of a {n} in the public API",
                            "{m}: let users plug in their own {n}",
                            "Add __repr__ with {o} to {n} objects",
                            "Deprecate {f}() in favour of a {o}-based interface",
                            "Support type hints in {m}.{n}",
                            "Make the {o} limit of {n} configurable",
                            "{f}() should accept path-like objects",
                            "Speed up {m}.{f}() by caching the {o}",
                            "Add `--{o}` to the {m} command"};
  return list;
}

const List& question_titles() {
  static const List list = {"How do I {w} a {n} with {m}?",
                            "Is it safe to call {f}() when {c}?",
                            "What is the difference between {n} and {o} in {m}?",
                            "{f}() and {o}: expected behaviour?",
                            "Can {m}.{n} be shared between processes?",
                            "How to migrate {n} code from {u} to {v}"};
  return list;
}

const List& documentation_titles() {
  static const List list = {"Documentation of {f}() does not say what happens when {c}",
                            "Typo in the {d} docs: {o}",
                            "Example for {m}.{n} does not run",
                            "Docs: {o} parameter of {f}() is undocumented",
                            "Broken link in the {n} section of {m}",
                            "{d} documentation still describes the {u} behaviour of {n}"};
  return list;
}

const List& bug_openings() {
  static const List list = {
      "`{m}.{f}()` does not work when {c}. This is with {j} {v} on {p}.",
      "I ran into this in production: when {c}, `{f}()` misbehaves. It took us a day to track it down to `{m}/{n}.py`.",
      "Hi, thanks for the great library! Since we upgraded from {u} to {v} our nightly job fails, because {c}.",
      "When {c}, the {n} ends up in an inconsistent state and the {o} is lost.",
      "**Describe the bug**\nCalling `{f}` fails. It only happens if {c}.",
      "Found by fuzzing: a {n} of {r} bytes is enough to trigger it. It seems to need that {c}.",
      "The documentation promises that `{f}()` can be used with any {o}, but this is not so if {c}.",
      "Our test suite became flaky. The common denominator is `{m}.{n}`, and that {c}.",
      "Minimal example below. Happens about once in {r} runs, more often when {c}.",
      "Not sure whether this is a bug or intended: {c}, and then `{m}` cannot {w} the {n}."};
  return list;
}

const List& code_lines() {
  static const List list = {"{n}.{o} = {r}\n",
                            "for _ in range({r}):\n    {n}.{w}()\n",
                            "with {m}.{o}() as {o}:\n    {n}.attach({o})\n",
                            "{o} = {n}.{w}({o}=None)\n",
                            "assert {n}.{o} is not None\n",
                            "{n}.configure({o}=True, limit={r})\n",
                            "print({n}.{o}, len({n}))\n",
                            "del {n}.{o}\n"};
  return list;
}

const List& error_messages() {
  static const List list = {"invalid {n}",
                            "cannot {w} {n}: {o} is closed",
                            "expected {o}, got None",
                            "{n} index {r} out of range",
                            "{o} at position {r} is not allowed here",
                            "unknown {o} 0x{h}",
                            "maximum {n} depth exceeded",
                            "{n} {h} has gone away"};
  return list;
}

const List& expectations() {
  static const List list = {"Expected: the {n} is returned unchanged.\nActual: see above.",
                            "I would expect a clear error message naming the {o}.",
                            "It should behave the same as `{m}.{o}()`, which handles this correctly.",
                            "**Expected behavior**\nNo exception; the {o} is simply skipped.",
                            "At the very least this should be mentioned in the documentation.",
                            "With {u} the same script prints {r}, which is right."};
  return list;
}

const List& suspicions() {
  static const List list = {"A bisect points to {h}.",
                            "I suspect the check for the {o} in `{f}()` is done before the lock is taken.",
                            "Looking at `{m}/{n}.py`, line {r}, the {o} is never reset.",
                            "This may be related to the recent change of the {o} handling.",
                            "I am happy to send a pull request if somebody tells me where the {o} should be validated.",
                            "Workaround: call `{n}.{w}()` twice.",
                            "The {n} is cached under a key that does not include the {o}."};
  return list;
}

const List& environments() {
  static const List list = {
      "- {j} version: {v}\n- OS: {p}", "Tested on {p} with {j} {v}.{r} and on main.",
      "Version {v} from the package manager, {p}, x86-64.",
      "**Environment**\n\n| | |\n|---|---|\n| version | {v} |\n| platform | {p} |\n| installed from | wheel |",
      "Reproduced with {v} and current main ({h}), not with {u}."};
  return list;
}

const List& feature_openings() {
  static const List list = {"It would be useful if `{m}.{f}()` could take the {o} into account.",
                            "Every project I work on has its own helper to {w} a {n}. This belongs into `{m}`.",
                            "**Feature or enhancement**\nLet `{n}` objects carry a {o}.",
                            "At present one has to subclass `{n}` only to change the {o}; a parameter would do.",
                            "Other libraries offer this for years, and people keep asking for it: a way to {w} the {n} "
                            "without losing the {o}."};
  return list;
}

const List& motivations() {
  static const List list = {
      "Our use case: about {r} {n}s a second, each with its own {o}; rebuilding them costs more than the work itself.",
      "It makes the code easier to test, as the {o} can be replaced.",
      "Without it, users have to reach into private attributes (`_{o}`), and many do.",
      "This came up on the forum several times; the last thread has {r} replies and no conclusion.",
      "It is a matter of consistency: `{m}.{o}()` already works this way."};
  return list;
}

const List& alternatives() {
  static const List list = {
      "Alternatives considered: a new class beside `{n}`, or a module-level default. Both seem worse to me.",
      "The cost is one more parameter; the default would keep today's behaviour.",
      "I have a prototype on a branch ({h}), {r} lines with tests.", "Open question: what should happen when {c}?"};
  return list;
}

const List& question_openings() {
  static const List list = {
      "I am trying to {w} a {n} and cannot find out how. The documentation of `{m}` only shows the {o}.",
      "Is the following supposed to work? I get different results on {p} and on my own machine.",
      "What is the recommended way to use `{f}()` if {c}?",
      "Sorry if this is the wrong place. I would like to know whether the {n} may be reused after `{w}()`."};
  return list;
}

const List& documentation_openings() {
  static const List list = {"The page on `{m}.{n}` says that the {o} is optional, but leaving it out raises {e}.",
                            "The example in the section on {n} uses `{f}()` with the old arguments of {u}.",
                            "It is not documented what `{f}()` does when {c}.",
                            "There is a mistake in the description of the {o}: it should read '{n}'.",
                            "I got lost in the {d} documentation: the {n} is used before it is introduced."};
  return list;
}

const List& fix_titles() {
  static const List list = {"Fix {f}() when {c}",
                            "Fix {e} in {m}.{f}()",
                            "{m}: handle the case that {c}",
                            "Do not lose the {o} in {f}()",
                            "Fix a crash in {m}.{n} when {c}",
                            "Check the {o} before trying to {w} a {n}",
                            "Fix reference leak in {f}()",
                            "{m}: release the {o} if {c}",
                            "Avoid a deadlock between {n} and {o}",
                            "Raise {e} instead of crashing in {f}()",
                            "Fix off-by-one error in {m}.{n}",
                            "Correct {o} handling of {f}()",
                            "{f}: fix regression when {c}"};
  return list;
}

const List& feature_pull_titles() {
  static const List list = {
      "Add {o} parameter to {m}.{f}()",    "{m}: support {o} in {n}",      "Make {n} a context manager",
      "Add an asynchronous {f}()",         "Allow custom {o} in {m}.{n}",  "Implement {w} for {n}",
      "Speed up {f}() by caching the {o}", "{m}: expose the {o} of a {n}", "Let {f}() accept path-like objects"};
  return list;
}

const List& documentation_pull_titles() {
  static const List list = {"Fix typo in the {d} documentation",      "Document the {o} parameter of {f}()",
                            "Clarify what {f}() does when {c}",       "Update the example for {m}.{n}",
                            "Improve the wording of the {n} section", "Docs: explain {n} and {o}"};
  return list;
}

const List& refactoring_titles() {
  static const List list = {"Move {n} helpers of {m} into their own file",
                            "Simplify {f}()",
                            "Rename {n} internals in {m}",
                            "{m}: remove dead code around {o}",
                            "Use the new {o} interface in {m}.{n}",
                            "Split {f}() into smaller functions"};
  return list;
}

const List& test_titles() {
  static const List list = {"Add tests for {m}.{f}()", "Fix flaky test of {n}", "Test {f}() when {c}",
                            "Make {m} tests independent of the {o}", "Speed up test_{m}"};
  return list;
}

const List& pull_openings() {
  static const List list = {"`{f}()` did not check the {o}. Now it does, and a test covers the case that {c}.",
                            "This makes `{m}.{n}` behave as documented when {c}.",
                            "The {o} was computed before the {n} was complete; it is now computed on demand.",
                            "Small change in `{m}/{n}.py`; see the commit messages for details.",
                            "As discussed in the issue: the {n} keeps its {o} across `{w}()`."};
  return list;
}

const List& pull_details() {
  static const List list = {"Benchmarks show no difference ({r} ms before and after).",
                            "The public interface does not change.",
                            "I left `{o}` alone on purpose: it has users outside of {m}.",
                            "The new test fails without the change and passes with it.", "Tested by hand on {p}."};
  return list;
}

const List& pull_doubts() {
  static const List list = {"I am not sure about the name `{w}_{o}`; better ideas are welcome.",
                            "Should this be backported to {u}?", "Does this need an entry in the changelog?",
                            "One case is still open: what if {c}?"};
  return list;
}

const List& fixes() {
  static const List list = {"Fixes {i}", "Closes {i}.", "Fixes {i}.", "Resolves {i}"};
  return list;
}

const List& first_commits() {
  static const List list = {
      "{m}: {w} the {n} only once", "Check the {o} in {f}()", "Handle missing {o}", "Fix {f}()",
      "Add test for {f}()",         "Rework {n} handling",    "WIP: {n}",           "{m}: {o} support"};
  return list;
}

const List& later_commits() {
  static const List list = {"Address review comments",
                            "Fix test",
                            "Add a test",
                            "Fix typo",
                            "Update documentation",
                            "Apply suggestions from code review",
                            "Simplify as suggested",
                            "Rename {o}",
                            "Fix lint",
                            "Handle the case that {c}"};
  return list;
}

}  // namespace resident::simulation::phrases
