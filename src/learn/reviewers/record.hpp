// What reviewer suggestion reads from the store, as it stands there: pull requests with
// their files, and who did what when, by identity. What happened before the week began is kept in one
// piece (framework/learnt.hpp), since reading it row by row is most of the work.
#pragma once

#include <deque>
#include <framework/analysis.hpp>
#include <learn/reviewers/history.hpp>
#include <string>
#include <unordered_map>
#include <vector>

namespace resident::reviewers {

struct RecordedPull {
  std::int64_t item_id = 0, number = 0;
  Index author = kNone;  // place in identities
  Timestamp opened_at = 0;
  std::optional<Timestamp> closed_at;  // of the last stretch, if it has ended by as_of
  std::string title;                   // as it was at first
  std::vector<Index> paths;            // places in paths
};

struct RecordedAct {
  Timestamp at = 0;
  ActKind kind = ActKind::other;
  Index identity = kNone;  // place in identities
  std::int64_t on = 0;     // the item; of commits and lines: the place in paths
  float amount = 0;
};

struct RecordedLink {
  std::int64_t from_number = 0, to_item = 0;
  Timestamp at = 0;
};

struct ReviewRecord {
  std::string basis;  // names what was there when the week began: with the same name, the same was learnt
  std::vector<std::int64_t> identities;
  std::vector<std::string> paths;
  std::vector<RecordedPull> pulls;  // by opening
  std::deque<RecordedAct> acts;     // by time; a deque gives its memory back from the front on, as it is taken over
  std::vector<RecordedLink> links;
};

// As of the context's moment.
ReviewRecord load_review_record(const Context& context);

// As bytes and back (base/packed.hpp). Throws Error where they are broken.
std::string pack(const ReviewRecord& record);
ReviewRecord unpack_review_record(std::string_view bytes);

}  // namespace resident::reviewers
