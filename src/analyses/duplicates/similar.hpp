// Reports that may be the same as another: earlier items whose words, titles and time
// are close. Learns nothing from outside: words weigh by how rare they are in the
// project. Words are code-aware (text/tokens.hpp). The score is
//
//   whole + 1.0 × title + 0.5 × body − 0.05 × ln(1 + days / 7)
//
// where whole is BM25 over title × 3 and body, title and body over those alone, each
// divided by what a typical full match would score; duplicates come in bursts, hence the last
// term (Runeson et al. 2007 found most within two months). Its record is in
// docs/accuracy.md, and `resident accuracy duplicates` replays it on the project.
#pragma once

#include <analyses/analysis.hpp>
#include <analyses/text/bm25.hpp>
#include <string>
#include <unordered_map>
#include <vector>

namespace resident {

struct SimilarItem {
  std::int64_t item_id = 0, number = 0;
  std::string title, url;
  Timestamp created_at = 0;
  bool is_open = false;
  double score = 0;                       // about 0 to 3; above `likely_score` it is worth a look
  std::vector<std::string> shared_words;  // the rarest, at most eight
  std::string passage;                    // of its text, around them; one line
};

// From this score on a suggestion is shown by itself.
inline constexpr double kLikelyScore = 1.2;

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
  std::vector<SimilarItem> find_text(const std::string& title, const std::string& body, std::size_t limit) const;
  // The same with plain BM25 over lower-case words of title × 3 and body: what others do. Item numbers.
  std::vector<std::int64_t> plain(std::int64_t item_id, std::size_t limit) const;
  std::size_t size() const { return documents_.size(); }

 private:
  struct Document : SimilarSource {
    WordCounts whole, title_words, body_words, plain_words;
  };
  void add(SimilarSource source);
  std::vector<SimilarItem> rank(const Document& query, std::uint32_t end, std::size_t limit) const;
  void explain(const Document& query, const Document& found, SimilarItem& item) const;

  std::vector<Document> documents_;  // in order of creation
  std::unordered_map<std::int64_t, std::uint32_t> places_;
  Vocabulary words_;
  Vocabulary plain_vocabulary_;
  Bm25Index whole_, titles_, bodies_, plain_;
};

}  // namespace resident
