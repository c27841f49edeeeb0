// Numbers of issues and pull requests in texts: whose they are, and whether the words before them say that the text
// closes them. The one reader of such forms, for descriptions, comments, commit messages and what people type.
//
// Read: "#12", "owner/name#12", "group/sub/name!12", "GH-12" and other prefixes, and addresses of issues and pull
// requests (/issues/, /pull/, /pulls/, /merge_requests/, /work_items/, with or without "-", with anchors and
// queries). Which forge reads what, and from which of its sources that is known, stands in docs/guide/references.md;
// tests/base/references_test.cpp has its rows.
//
// Promises: pure; time linear in the length of the text; any bytes are taken; references come in their order and do
// not overlap; numbers are from 1 to kLargestReference.
#pragma once

#include <base/spoken.hpp>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

inline constexpr std::int64_t kLargestReference = 999'999'999;

enum class ForgeForms { github, gitlab, gitea };
// "github", "gitlab", "gitea", "forgejo"; anything else is read as GitHub.
ForgeForms forge_forms(std::string_view name);

struct ReferenceRules {
  ForgeForms forge = ForgeForms::github;
  // The repository that the text belongs to: "github.com" and "owner/name", both in lower case; "" if not known.
  std::string host, path;
  std::vector<std::string> also;                // other names of it: "owner/former", "host/owner/name"; lower case
  std::vector<std::string> prefixes = {"GH-"};  // before a number of this repository, in any case
  std::vector<std::string> closing_words;       // instead of the forge's, as Gitea and GitLab may be set; lower case

  // Takes host and path from the address of a repository ("https://…", "git@host:owner/name.git") or of an item in
  // it; leaves them as they are for any other text.
  void set_address(std::string_view url);
};

// [project.NAME.references]
struct ReferenceSettings {
  std::string forge = "auto";                   // auto, github, gitlab, gitea, forgejo
  std::vector<std::string> prefixes = {"GH-"};  // "bpo-12" is number 12 where "bpo-" is among them
  std::vector<std::string> closing_words;       // instead of the forge's
  std::vector<std::string> repositories;        // other names of the repository
};
// address: of the repository or an item in it, "" if not known; kind: of the source, where "auto" needs it. Throws
// Error{usage} where forge is none of these.
ReferenceRules make_reference_rules(const ReferenceSettings& settings, std::string_view address,
                                    std::string_view kind = {});

// What the form says that it is, on forges that number issues and merge requests apart (GitLab); else any.
enum class ReferenceKind { any, issue, pull };

struct Reference {
  std::int64_t number = 0;
  std::string repository;  // "": the text's own; else "owner/name", with "host/" before it where that is another
  ReferenceKind kind = ReferenceKind::any;
  bool closes = false;             // behind a word that closes
  std::size_t begin = 0, end = 0;  // bytes of the text

  bool is_own() const { return repository.empty(); }
};

std::vector<Reference> find_references(std::string_view text, Markup markup, const ReferenceRules& rules);

// The same of what spoken_text() gave, for who has it already.
std::vector<Reference> references_in_spoken(std::string_view spoken, const ReferenceRules& rules);

// The whole text is one reference, as forges note it on an item ("#12", "owner/name#12", "!3", an address) and as
// people type it (also "12"); number 0: it is none.
Reference single_reference(std::string_view text, const ReferenceRules& rules);

// Numbers of this repository that may be of that kind, each once, in order: those closed, and those only named.
struct OwnNumbers {
  std::vector<std::int64_t> closed, named;
};
OwnNumbers own_numbers(const std::vector<Reference>& references, ReferenceKind wanted = ReferenceKind::any);

// How an item of this repository may be called where a forge notes who named another, in lower case.
std::vector<std::string> own_names(std::int64_t number, bool is_pull, const ReferenceRules& rules);

}  // namespace resident
