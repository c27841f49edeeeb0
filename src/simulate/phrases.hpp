// The forms of sentences that text.cpp fills in. {m} module, {n} and {o} two of its
// nouns, {f} function, {w} its verb, {e} error, {c} condition, {p} platform, {v}
// version, {u} the one before, {d} what is documented, {r} a number, {h} some hexadecimal digits, {i} a
// reference to another item, {j} the project's name.
#pragma once

#include <string_view>
#include <vector>

#include "simulate/text.hpp"

namespace resident::simulation::phrases {

using List = std::vector<std::string_view>;

// By symptom; the first kSymptomsWithTraceback come with a traceback.
inline constexpr std::size_t kSymptomsWithTraceback = 3;
const std::vector<List>& bug_titles();
const List& feature_titles();
const List& question_titles();
const List& documentation_titles();
const List& bug_openings();
const List& code_lines();
const List& error_messages();
const List& expectations();
const List& suspicions();
const List& environments();
const List& feature_openings();
const List& motivations();
const List& alternatives();
const List& question_openings();
const List& documentation_openings();

const List& fix_titles();
const List& feature_pull_titles();
const List& documentation_pull_titles();
const List& refactoring_titles();
const List& test_titles();
const List& pull_openings();
const List& pull_details();
const List& pull_doubts();
const List& fixes();
const List& first_commits();
const List& later_commits();

const List& comments(Comment kind);

}  // namespace resident::simulation::phrases
