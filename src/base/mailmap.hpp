// A .mailmap: which names and addresses in a history belong to whom, read and applied as
// git does (mailmap.c of git 2.39 to 2.51; tests compare with `git check-mailmap`). libgit2
// can apply one but not list it, and people are computed from the list. Pure, takes any
// bytes.
//
// Rules of git that surprise: a comment begins at the first column only; what stands
// inside <> is taken as it is, blanks too; names and addresses are compared without
// regard to (ASCII) case; of lines for an address alone later ones add to earlier ones,
// field by field, of lines for a name and an address the last one counts; nothing is
// mapped twice.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace resident {

struct MailmapEntry {
  std::string name, email;            // as committed; an empty name stands for every name
  std::string real_name, real_email;  // an empty one is left as it was
  bool operator==(const MailmapEntry&) const = default;
};

// In the file's order.
std::vector<MailmapEntry> parse_mailmap(std::string_view text);

class Mailmap {
 public:
  Mailmap() = default;
  explicit Mailmap(const std::vector<MailmapEntry>& entries) {
    for (const MailmapEntry& entry : entries) add(entry);
  }
  void add(const MailmapEntry& entry);
  bool empty() const { return addresses_.empty(); }

  struct Found {
    bool is_mapped = false;  // the mailmap speaks of them
    bool by_name = false;    // by a line for this name at this address
    std::string name, email;
  };
  // What a commit's name and address stand for; themselves where the mailmap does not speak of them.
  Found find(const std::string& name, const std::string& email) const;

 private:
  struct Real {
    std::string name, email;
  };
  struct Address {
    Real any;                           // whatever the name
    std::map<std::string, Real> names;  // by name, in lower case
  };
  std::map<std::string, Address> addresses_;  // by address, in lower case
};

}  // namespace resident
