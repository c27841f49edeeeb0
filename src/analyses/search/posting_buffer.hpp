// A segment in the making (posting_writer.hpp): the words of documents as they come, then the lists of each word, in
// order of words and of documents. And the way of those lists into the store: many rows at a time.
#pragma once

#include <analyses/search/postings.hpp>
#include <array>
#include <functional>
#include <store/database.hpp>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace resident {

struct PostingRow {
  std::string word, documents, places;
};

class PostingBuffer {
 public:
  void add(std::int64_t document, const std::array<std::string_view, kSearchFields>& texts);
  bool is_empty() const { return documents_.empty(); }
  std::size_t bytes() const;  // about what it takes
  // Gives all lists, and the lengths of the documents, and is empty then.
  std::vector<DocumentLength> take(std::int64_t base, const std::function<void(PostingRow)>& give);

 private:
  // One word in one document: its counts begin in bytes_ where those of the entry before end; then come its places.
  struct Entry {
    std::uint32_t word, document, places, end;
  };
  std::unordered_map<std::string, std::uint32_t> words_;
  std::size_t word_bytes_ = 0;
  std::vector<DocumentLength> documents_;
  std::vector<Entry> entries_;
  std::string bytes_;
  std::vector<std::uint64_t> found_;  // of one document: word, field, place
};

std::string bytes_of(const Rows& rows, std::size_t column);  // of a blob

class PostingBatch {
 public:
  explicit PostingBatch(Database& database) : database_(database) {}
  void add(std::int64_t project_id, std::int64_t segment, PostingRow row);
  void flush();

 private:
  Database& database_;
  std::vector<Value> values_;
  std::size_t bytes_ = 0;
};

}  // namespace resident
