// A .mailmap: which names and addresses in a history belong to whom. libgit2 can
// apply one but not list it, and identities need the list as evidence, so it is
// read here. Pure, takes any bytes, keeps the file's order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace resident::git {

struct MailmapEntry {
  std::string name, email;            // as committed; an empty name stands for every name
  std::string real_name, real_email;  // an empty one is left as it was
};

std::vector<MailmapEntry> parse_mailmap(std::string_view text);

}  // namespace resident::git
