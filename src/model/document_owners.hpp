// Documents with authors of their own: enhancement proposals (BIPs, PEPs, EIPs, …) name
// their authors in a header, and CODEOWNERS may name them as well. There the authors of a
// document approve changes to it, whoever opens them, and the editors merge; an approval
// by anybody else is an opinion.
//
// By configuration alone (review.author_headers, review.document_paths; the preset
// "proposals"), and `doctor` and Today say when a project looks like one. Authors are those
// of the newest text in the clone: who wrote it then is not kept.
#pragma once

#include <model/open_items.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

struct DocumentAuthor {
  std::string name;   // "Ada Lovelace"; may be empty
  std::string login;  // "ada", where the header says "(@ada)" or "@ada"
  bool operator==(const DocumentAuthor&) const = default;
};

// Whom the header at the top of a document names, in its order. headers: names of fields, any case ("Author"). Read are
// "Author: Ada <ada@…>, Bob (@bob)" with or without ':' before it or '|' around it, further lines that stand deeper,
// and YAML lists ("authors:", "  - …"). At most the first 100 lines.
std::vector<DocumentAuthor> document_authors(std::string_view text, const std::vector<std::string>& headers);

// Fills in whose documents each item changes (OpenItem::owners), where the configuration says that authors approve.
void load_document_owners(const Context& context, const People& people, std::vector<OpenItem>& items);

// How many documents of the newest tree name authors, of how many that are called like proposals; 0 of 0 where the
// project is configured for it already. For a hint.
struct ProposalsSeen {
  std::size_t with_authors = 0, looked_at = 0;
  bool looks_like_proposals() const { return with_authors >= 5 && with_authors * 2 > looked_at; }
};
ProposalsSeen look_for_proposals(const Context& context);

}  // namespace resident
