// Reports that may be the same as another: earlier items that are like it in title, text,
// code and names of code, and near in time. Candidates come by BM25F (text/item_index.hpp)
// and are ordered by weights learnt from the project's own marked duplicates, where it has
// them (ranker.hpp, replay.hpp). Words are code-aware (text/tokens.hpp). Its record is in
// docs/accuracy.md, and `resident accuracy duplicates` replays it on the project.
#pragma once

#include <analyses/analysis.hpp>
#include <analyses/duplicates/replay.hpp>
#include <string>
#include <unordered_map>
#include <vector>

namespace resident {

struct SimilarItem {
  std::int64_t item_id = 0, number = 0;
  std::string title, url;
  Timestamp created_at = 0;
  bool is_open = false;
  double score = 0;                       // likeness: about 0 to 10; above kLikelyScore it is worth a look
  double probability = 0;                 // that they are the same, as learnt from the project; of issues only
  std::vector<std::string> shared_words;  // the rarest, at most eight
  std::string passage;                    // of its text, around them; one line
};

// From this score on a suggestion is shown by itself.
inline constexpr double kLikelyScore = 4;

// What is compared: an issue, or whatever else has a title and a text.
struct SimilarSource {
  std::int64_t id = 0, number = 0;
  Timestamp created_at = 0;
  bool is_open = false;
  std::string title, body, url;
};

class SimilarItems {
 public:
  // In order of creation.
  explicit SimilarItems(std::vector<SimilarSource> sources);
  // All items of the kind ("issue" or "pull") that were there at the context's moment.
  SimilarItems(const Context& context, const std::string& kind);
  // Earlier items, best first. The item must be of the collection; nothing where it is not.
  std::vector<SimilarItem> find(std::int64_t item_id, std::size_t limit) const;
  // For a text that is no item yet.
  std::vector<SimilarItem> find_text(const std::string& title, const std::string& body, std::size_t limit);
  std::size_t size() const { return sources_.size(); }

 private:
  void add(SimilarSource source);
  std::vector<SimilarItem> told(const std::vector<duplicates::Ranked>& ranked, const text::ItemIndex::Document& asking,
                                std::size_t limit) const;
  void explain(const text::ItemIndex::Document& asking, const text::ItemIndex::Document& found,
               SimilarItem& item) const;

  std::vector<SimilarSource> sources_;  // in order of creation
  std::unordered_map<std::int64_t, std::uint32_t> places_;
  duplicates::Replay replay_;
};

}  // namespace resident
