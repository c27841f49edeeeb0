// Who worked for whom, and until when, from a file of the form that gitdm and the projects around it keep ("ADDRESS or
// DOMAIN, EMPLOYER, and perhaps < DATE" a line; # begins a comment). A line with a date holds for what was done before
// that day; an address says more than a domain, and a domain's longest ending counts. Addresses are read, and never
// shown.
#pragma once

#include <base/time.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace resident {

class Affiliations {
 public:
  // Throws Error{failed} naming the line that cannot be read. what: the file's name, for messages.
  Affiliations(std::string_view text, const std::string& what);

  // For whom the owner of the address worked at that moment; nothing where the file does not say.
  std::optional<std::string> employer(std::string_view address, Timestamp at) const;
  std::size_t size() const { return lines_; }

 private:
  struct Span {
    Timestamp until;  // not included
    std::string employer;
  };
  std::optional<std::string> of(const std::vector<Span>& spans, Timestamp at) const;

  std::unordered_map<std::string, std::vector<Span>> by_key_;  // address or domain, lower case
  std::size_t lines_ = 0;
};

// Whether the file's word for an employer means that nobody pays: "(None)", "Hobbyists", "Volunteer", "Independent" …
bool is_volunteering(std::string_view employer);

}  // namespace resident
