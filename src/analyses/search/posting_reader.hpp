// Reads what a query needs of the index on PostgreSQL (posting_writer.hpp): which documents there are and how long they
// are, and the postings of its words, of its prefixes (of all words that begin so, together), and of its phrases (by
// the places of their words). One statement reads all, so that a run of the indexer in between changes nothing halfway.
// What is dead is not counted: a list is as long as there are documents that have the word.
#pragma once

#include <analyses/search/postings.hpp>
#include <analyses/search/query.hpp>
#include <map>
#include <store/database.hpp>
#include <string>
#include <vector>

namespace resident {

using PostingList = std::vector<Posting>;  // in order of documents

class PostingReader {
 public:
  PostingReader(Database& database, std::int64_t project_id, std::int64_t base, const SearchQuery& query);

  const std::vector<DocumentLength>& documents() const { return documents_; }  // in order
  double mean_length() const;
  // Of a term of the query, or one made of a token of a term. Valid as long as this is.
  const PostingList& find(const SearchTerm& term);

 private:
  struct WordInSegment {
    std::string documents, places;
  };
  struct Segment {
    std::vector<std::int64_t> dead;
    std::map<std::string, WordInSegment, std::less<>> words;
  };
  void add_word(const Segment& segment, const WordInSegment& word, PostingList& list) const;
  void add_phrase(const Segment& segment, const std::vector<std::string>& tokens, PostingList& list) const;

  std::int64_t base_;
  std::vector<DocumentLength> documents_;
  std::map<std::int64_t, Segment> segments_;
  std::map<std::string, PostingList> lists_;  // those asked for
};

}  // namespace resident
