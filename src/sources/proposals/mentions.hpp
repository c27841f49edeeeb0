// Commits of another clone (of the product) whose messages name a proposal, and what they say of it. A number alone
// says little: "RFC 2616" is the IETF's, "PEP 8" is a matter of style. Promises: only forms that can mean nothing else;
// only proposals that there are; a commit carries a proposal out only where its subject says so and the proposal is one
// that can be carried out; otherwise it only names it.
#pragma once

#include <functional>
#include <sources/proposals/dossiers.hpp>
#include <string>
#include <vector>

namespace resident {

enum class MentionKind { carries_out, names, reverts };
const char* mention_kind_name(MentionKind kind);

struct ProposalMention {
  std::size_t proposal = 0;  // place in the history
  MentionKind kind = MentionKind::names;
  std::string commit, author, subject;
  Timestamp at = 0;
  std::int64_t pull = 0;
  std::vector<std::int64_t> issues;  // that it closes
};

// as_of: later commits are left out.
std::vector<ProposalMention> find_mentions(git::Repository& code, const ProposalHistory& history,
                                           const Dossiers& dossiers, std::optional<Timestamp> as_of);
// Numbers (or names, for tc39) of proposals in a text, each once.
std::vector<std::string> named_proposals(const std::string& format, std::string_view text);
// What a subject says of the proposal of that number.
MentionKind what_is_said(const std::string& noun, const std::string& number, std::string_view subject);

}  // namespace resident
