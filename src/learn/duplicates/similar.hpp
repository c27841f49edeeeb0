// Reports that may be the same as another: earlier items that are like it in title, text,
// code and names of code, and near in time. Candidates come by BM25F (text/item_index.hpp)
// and are ordered by weights learnt from the project's own marked duplicates, where it has
// them (ranker.hpp, replay.hpp). Words are code-aware (text/tokens.hpp). Its record is in
// docs/accuracy.md, and `resident accuracy duplicates` replays it on the project.
#pragma once

#include <framework/analysis.hpp>
#include <framework/learnt.hpp>
#include <functional>
#include <learn/duplicates/meanings.hpp>
#include <learn/duplicates/replay.hpp>
#include <memory>
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
  // What speaks for it, in a line; with the passage or without.
  std::string why(bool with_passage) const;
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

// For texts at hand.
class SimilarItems {
 public:
  // The text of a source once more, for what is shown of it.
  using ReadBody = std::function<std::string(std::int64_t id)>;
  // In order of creation. read_body: texts are given back once they are read, and asked for where one is shown; null:
  // they are kept.
  explicit SimilarItems(std::vector<SimilarSource> sources, ReadBody read_body = nullptr);
  // Best first.
  std::vector<SimilarItem> find_text(const std::string& title, const std::string& body, std::size_t limit);
  std::size_t size() const { return sources_.size(); }

 private:
  std::vector<SimilarSource> sources_;  // in order of creation
  ReadBody read_body_;
  duplicates::Replay replay_;
};

// For the issues of a project: what was learnt when the week began is kept, and so are answers (framework/learnt.hpp).
class SimilarIssues {
 public:
  explicit SimilarIssues(const Context& context);
  // Earlier issues, best first, at most three. The issue must have been there at the context's moment; nothing where it
  // was not. Title and text as they are.
  std::vector<SimilarItem> find(std::int64_t item_id, const std::string& title, const std::string& body);
  // How many are known to be duplicates of each.
  const std::unordered_map<std::int64_t, std::int64_t>& duplicate_counts() const { return duplicate_counts_; }
  // What was answered is written; also done at the end.
  void save() { answers_.save(); }

 private:
  duplicates::Replay& replay();
  std::vector<text::Meaning> meanings_of(const std::vector<text::ItemText>& items) const;

  Context context_;
  Timestamp moment_;
  std::string basis_;
  KeptAnswers answers_;
  std::unique_ptr<duplicates::Meanings> meanings_;  // null without a model
  std::unordered_map<std::int64_t, std::int64_t> duplicate_counts_;
  std::unique_ptr<duplicates::Replay> replay_;  // when it is first needed
  std::unordered_map<std::int64_t, std::size_t> places_;
};

}  // namespace resident
