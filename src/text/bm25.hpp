// An index in memory that ranks documents by BM25 (Robertson & Zaragoza 2009, "The
// Probabilistic Relevance Framework", eq. 3.15, with the idf that is never negative).
// Documents are numbered from 0 in order of time, and every score is what an index of
// the documents below `end` alone would give: how rare words are and how long documents
// are on the mean is counted over those, so nothing later leaks in. Words in more than `most_common` of the
// documents are left out of scoring where the collection is large: they decide nothing
// and cost most.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace resident {

struct Bm25Options {
  double k1 = 1.2, b = 0.75;
  double most_common = 0.1;              // share of documents
  std::size_t large_collection = 20000;  // documents from which most_common applies
};

// A document or query: numbers of words and how often each stands in it.
using WordCounts = std::vector<std::pair<std::uint32_t, std::uint32_t>>;

// Numbers words; shared by all fields of a collection.
class Vocabulary {
 public:
  std::uint32_t number(const std::string& word);  // a new one gets the next number
  WordCounts count(const std::vector<std::string>& tokens);
  // Words that the vocabulary does not know are left out.
  WordCounts count_known(const std::vector<std::string>& tokens) const;
  const std::string& word(std::uint32_t number) const { return words_[number]; }

 private:
  std::unordered_map<std::string, std::uint32_t> numbers_;
  std::vector<std::string> words_;
};

class Bm25Index {
 public:
  explicit Bm25Index(Bm25Options options = {}) : options_(options) {}
  // In order of document numbers: 0, 1, 2, …
  void add(const WordCounts& words);

  double idf(std::uint32_t word, std::uint32_t end) const;
  // Adds weight × score to scores[document] for every document below `end` that shares a word. Query words count as
  // often as they stand there, at most `most_repeats` times. scores has room for all documents.
  void score(const WordCounts& query, std::uint32_t end, double weight, std::uint32_t most_repeats,
             std::vector<double>& scores, std::vector<std::uint32_t>& touched) const;
  // What a typical document that had every word of the query once would score: makes scores of different queries alike.
  double scale(const WordCounts& query, std::uint32_t end, std::uint32_t most_repeats) const;

 private:
  struct Posting {
    std::uint32_t document, count;
  };
  double frequency(std::uint32_t word, std::uint32_t end) const;  // documents below `end` that have it

  Bm25Options options_;
  std::vector<std::vector<Posting>> postings_;  // by word, in order of documents
  std::vector<std::uint32_t> lengths_;
  std::vector<std::uint64_t> lengths_before_;  // sum of the lengths of earlier documents
};

}  // namespace resident
