// Writes the index of PostgreSQL: lists of postings (postings.hpp) in the tables search_posting and search_segment.
// What one run of the indexer brings is a segment; a document stands in one segment alone, and one that changed or went
// is marked as dead in its old one, so nobody counts it any more. Segments are merged before they become many: each is
// at least three times as large as all after it together (the logarithmic method of Lester, Moffat and Zobel, Efficient
// online index construction, 2008), and none is half dead. Memory is bounded: a segment is written out at 128 MB.
// All is part of the caller's transaction. The SQL is the part that both engines share, so that tests need no server.
#pragma once

#include <analyses/search/postings.hpp>
#include <memory>
#include <store/database.hpp>
#include <string_view>

namespace resident {

class PostingWriter {
 public:
  // base: below the numbers of all documents of the project.
  PostingWriter(Database& database, std::int64_t project_id, std::int64_t base);
  ~PostingWriter();

  // The tables, which are not there yet.
  static void make_tables(Database& database);

  // At most once for each document; one that was there before is removed first.
  void add(std::int64_t document, std::string_view title, std::string_view body, std::string_view replies);
  void remove(std::int64_t document);
  void remove_all();
  // Puts all into the store.
  void finish();

 private:
  class Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace resident
