// People in what everybody may read. Analyses name people through People::name() (model/open_items.hpp); where the
// context shows nobody, that gives a mark instead of a name, one for each person, so that no figure changes. Once the
// Results are made, veil_people() takes the marks out: sentences say "somebody" or "3 people", columns of people go,
// and of a table with a row for each person the rows go. Texts that others wrote (titles, subjects of commits) are
// looked through for accounts behind an @ and for whole names. It promises: no name or account of a person that the
// store knows is left, but for what somebody wrote without an @ and in one word.
#pragma once

#include <framework/analysis.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace resident {

// What stands for a person: their name, their account, or a mark. Bots have names always.
std::string shown_name(PeopleShown shown, std::int64_t person, const std::string& name, const std::string& login,
                       bool is_bot);

// The names and accounts of all people but bots, as texts may have them.
struct KnownNames {
  std::unordered_set<std::string> logins;  // lower case; empty where accounts are shown
  std::unordered_set<std::string> names;   // lower case, whole; of one word or more
  // Names of several words, by their first: texts are looked through for these.
  std::unordered_map<std::string, std::vector<std::string>> by_first_word;
};
// Nothing where the context shows people by name.
KnownNames load_known_names(const Context& context);

// A text without marks, accounts and names.
std::string veil_people(std::string_view text, const KnownNames& known);
void veil_people(Result& result, const KnownNames& known);

}  // namespace resident
