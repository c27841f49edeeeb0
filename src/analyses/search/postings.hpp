// Where each word stands, in bytes: the lists that the index on PostgreSQL consists of. PostgreSQL's own full-text
// index (GIN over tsvector) knows neither how often a word stands in a document nor where, so it can neither rank nor
// find words in a row without reading every document; these lists can. Two strings a word: its documents, each with how
// often the word stands in each field, and the places of those. Whole numbers in seven bits a byte, each number of a
// document or of a place as the difference from the one before (Zobel and Moffat, Inverted files for text search
// engines, 2006). Bytes that are no such list are an Error, never a read beyond their end.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace resident {

inline constexpr std::size_t kSearchFields = 3;  // title, body, replies

struct Posting {
  std::int64_t document = 0;
  std::array<std::uint32_t, kSearchFields> counts{};  // how often, by field
};

struct DocumentLength {
  std::int64_t document = 0;
  std::uint32_t words = 0;
};

void append_number(std::string& bytes, std::uint64_t number);
// After the list's last document, which is `previous` (at first one below all, and the same for the cursor).
void append_document(std::string& bytes, std::int64_t previous, std::int64_t document);
void append_counts(std::string& bytes, const std::array<std::uint32_t, kSearchFields>& counts);

std::string encode_lengths(std::int64_t base, const std::vector<DocumentLength>& documents);
std::vector<DocumentLength> decode_lengths(std::int64_t base, std::string_view bytes);
std::string encode_documents(std::int64_t base, const std::vector<std::int64_t>& documents);
std::vector<std::int64_t> decode_documents(std::int64_t base, std::string_view bytes);

// Walks a list in order of its documents. It refers to the bytes.
class PostingCursor {
 public:
  PostingCursor(std::int64_t base, std::string_view documents, std::string_view places = {});
  bool next();
  const Posting& posting() const { return posting_; }
  // The places of the present document in a field, from 0, in order. Only with places.
  const std::vector<std::uint32_t>& places(std::size_t field);
  // The same of all fields as they are stored.
  std::string_view place_bytes();

 private:
  void locate();

  std::string_view documents_, places_;
  Posting posting_;
  std::uint64_t unread_ = 0;  // places of documents that were passed over
  bool is_located_ = false;
  std::string_view present_;  // places of the present document
  std::vector<std::uint32_t> decoded_;
};

}  // namespace resident
