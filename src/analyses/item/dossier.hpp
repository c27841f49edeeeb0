// The dossier of one issue or pull request in parts: what it is and whose turn it is,
// the whole thread in order of time, and the items that it is linked to. For who decides
// without the forge at hand: `resident mcp` and the page of an item show it. Nothing later than
// the context's moment is known; titles and texts are those of today.
#pragma once

#include <learn/duplicates/known.hpp>
#include <model/queues/triage.hpp>
#include <optional>
#include <string>
#include <vector>

namespace resident {

struct DossierSubject {
  std::int64_t id = 0, number = 0;
  bool is_pull = false;
  std::string title, body, url, author;
  Timestamp created_at = 0;
  std::optional<Timestamp> closed_at, merged_at;  // not later than the moment
  const char* noun() const { return is_pull ? "pull request" : "issue"; }
  bool is_open() const { return !closed_at && !merged_at; }
};

// Of that number; kind: issue, pull or "" for both. Two where an issue and a pull request share the number.
std::vector<DossierSubject> find_subjects(const Context& context, std::int64_t number, const std::string& kind);

// What whoever shows many items has loaded already; what is null is loaded.
struct DossierMeans {
  const ReviewQueue* reviews = nullptr;
  const TriageQueue* triage = nullptr;
  const std::vector<duplicates::KnownDuplicate>* duplicates = nullptr;
};

Result dossier_result(const Context& context, const DossierSubject& subject, const DossierMeans& means = {});
// The opening text, comments, reviews and what was done; at most `limit` entries: the first and the newest.
Result thread_result(const Context& context, const DossierSubject& subject, std::size_t limit);
// Items that it names, that name it, and those said to be the same.
Result linked_result(const Context& context, const DossierSubject& subject, const DossierMeans& means = {});

}  // namespace resident
