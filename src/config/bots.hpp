// Which names are a program's, by themselves. A name is a sign and no more: what it
// says is said of the one account or spelling that bears it, and what a whole person is
// is decided where all that is known of them comes together (store/identities.hpp).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace resident {

// "name[bot]", "release-bot", "DrahtBot", "pytorchmergebot", "Weblate (bot)", "k8s-ci-robot",
// "project_12_bot_a1b2" (GitLab's access tokens), "web-flow", "Travis CI"; not "Talbot", "Botond", "Elliot Robot",
// "Marcia Ci". own_words: names of the project and its owner in lower case, so that "pytorchbot" is pytorch's.
bool is_bot_name(std::string_view name, const std::vector<std::string>& own_words = {});
// Two words or more of letters, as people write their names, none of them a machine's.
bool is_full_name(std::string_view name);

}  // namespace resident
