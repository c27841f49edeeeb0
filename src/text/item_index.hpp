// Items by what they say: which earlier ones are like a new one. Added in order of
// time and asked before adding, it knows nothing later than the item that asks.
//
// Candidates by BM25F (Robertson & Zaragoza 2009, "The Probabilistic Relevance
// Framework") over title, prose and code, with the asking item's own words weighted as
// by Sun et al. 2011 ("Towards more accurate retrieval of duplicate bug reports"): both
// texts are long. Each candidate comes with signals, every one made so that it
// means the same in any project; duplicates/ranker.hpp weighs them.
// Cost: some 0.1 ms an item to add, 1 ms to ask among 100,000.
#pragma once

#include <array>
#include <base/packed.hpp>
#include <base/time.hpp>
#include <cstdint>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace resident::text {

struct ItemText {
  std::int64_t item_id = 0, author = 0;
  Timestamp created_at = 0;
  std::string title, body;
};

enum Signal : std::size_t {
  likeness,     // BM25F score by that of the asking item with itself
  title_words,  // cosine of titles, tf·idf
  title_pairs,  // cosine of pairs of neighbouring words in titles
  prose_words,  // cosine of prose
  code_words,   // cosine of code and traces
  names,        // cosine of whole identifiers, wherever they stand
  distance,     // log(1 + days between them), 1 at ten years
  same_author,
  meaning,  // how much nearer than usual by an embedding model (meaning_index.hpp); 0 without one; not set here
  kSignals
};
using Signals = std::array<double, kSignals>;
std::string_view name_of(Signal signal);

struct Candidate {
  std::size_t document = 0;  // in order of adding
  double score = 0;          // BM25F
  Signals signals{};
  bool by_words = true;  // false: it is there for another reason
};

class ItemIndex {
 public:
  struct Document {
    std::int64_t item_id = 0, author = 0;
    Timestamp created_at = 0;
    // Sorted by term; counts by field: title, prose, code.
    struct Count {
      std::uint32_t term = 0;
      std::array<std::uint16_t, 3> in{};
      bool is_name = false;
    };
    std::vector<Count> counts;
    std::vector<std::pair<std::uint64_t, std::uint16_t>> title_pairs;
    std::array<double, 3> length{};
  };

  Document read(const ItemText& item);  // new terms get numbers, nothing else changes
  void add(Document document);
  // From here on documents are found, but how rare a term is and how long documents are stays as it is: answers do
  // not depend on what comes later.
  void stop_counting() { is_counting_ = false; }
  void shrink();  // gives back what is held for more to come; more may come
  std::size_t size() const { return documents_.size(); }
  const Document& document(std::size_t index) const { return documents_[index]; }
  std::string_view term(std::uint32_t number) const { return names_[number]; }
  double idf(std::uint32_t term) const;
  double idf(std::string_view term) const;  // of a term that was never met: as if it were in none

  // Best first by BM25F, at most `most`, with their signals; only among the first `before` that were added. Then those
  // of `also` that are not among them.
  std::vector<Candidate> candidates(const Document& asking, std::size_t most,
                                    std::size_t before = static_cast<std::size_t>(-1),
                                    std::span<const std::uint32_t> also = {}) const;

  // As bytes and back (base/packed.hpp). Throws Error where they are broken.
  void pack(Packer& packer) const;
  static ItemIndex unpack(Unpacker& unpacker);

 private:
  std::uint32_t number_of(std::string_view term);
  double title_pair_idf(std::uint64_t pair) const;
  Signals signals_of(const Document& asking, const Document& other) const;

  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<std::string> names_;
  struct Posting {
    std::uint32_t document = 0;
    std::array<std::uint16_t, 3> in{};
  };
  std::vector<std::vector<Posting>> postings_;  // by term, in order of document
  std::vector<Document> documents_;
  // Of the documents that are counted.
  bool is_counting_ = true;
  std::size_t counted_ = 0;
  std::vector<std::uint32_t> frequency_;  // by term
  std::unordered_map<std::uint64_t, std::uint32_t> pair_documents_;
  std::array<double, 3> total_length_{};
};

}  // namespace resident::text
