// What reviewer suggestion reads from the store, as it stands there: pull requests with
// their files, and who did what when, by identity. What happened before the week began is kept in one
// piece (framework/learnt.hpp), since reading it row by row is most of the work.
#pragma once

#include <framework/analysis.hpp>
#include <learn/reviewers/history.hpp>
#include <learn/reviewers/packed_list.hpp>
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

// Of what is kept, which is of its own form, nothing depends on it.
struct RecordedActCoder {
  Timestamp last = 0;
  void pack(Packer& packer, const RecordedAct& act);
  RecordedAct unpack(Unpacker& unpacker);
};

struct RecordedLink {
  std::int64_t from_number = 0, to_item = 0;
  Timestamp at = 0;
};

struct ReviewRecord {
  std::string basis;  // names what was there when the week began: with the same name, the same was learnt
  std::vector<std::int64_t> identities;
  std::vector<std::string> paths;
  std::vector<RecordedPull> pulls;                 // by opening
  PackedList<RecordedAct, RecordedActCoder> acts;  // by time
  std::vector<RecordedLink> links;
};

// As of the context's moment.
ReviewRecord load_review_record(const Context& context);

// As bytes and back (base/packed.hpp). Throws Error where they are broken.
std::string pack(const ReviewRecord& record);
ReviewRecord unpack_review_record(std::string_view bytes);

}  // namespace resident::reviewers
