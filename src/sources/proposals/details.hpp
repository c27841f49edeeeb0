// What a proposal's own files say of it beside its status: who wrote it, where it is discussed, what it needs, which
// pull requests and issues carry it out. Promises: every pointer names the field or section that it was taken from, and
// only fields and sections that are there for this are read, never the running text: a link in the text of a proposal
// is mostly to something that it is not about.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

enum class PointerKind { discussion, resolution, pull, issue, commit, document, list };
const char* pointer_kind_name(PointerKind kind);

struct ProposalPointer {
  PointerKind kind = PointerKind::document;
  std::string target;  // address, or "python-dev" for a mailing list
  std::string where;   // "Discussions-To", "Implementation"
};

struct ProposalDetails {
  std::vector<std::string> authors;
  std::string created, type;
  std::string version;                    // of the product that it is for: 3.13, v1.25
  std::vector<std::string> requirements;  // numbers of proposals
  std::vector<ProposalPointer> pointers;
  bool has_open_issues = false;  // a section of that name with text in it
};

// Adds what one file says. noun: as in ProposalFormat.
void read_proposal_details(ProposalDetails& details, std::string_view path, std::string_view text);

// What an address is: of a pull request, issue, commit, thread, or anything else.
PointerKind kind_of_address(std::string_view address);
// Addresses in a text, without what closes the sentence; each once, in order.
std::vector<std::string> find_addresses(std::string_view text);

}  // namespace resident
