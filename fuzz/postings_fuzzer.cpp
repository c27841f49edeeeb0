// Whatever bytes stand in the index's tables, they are lists or an Error: documents rise, and what is read again from
// what was read is the same.
#include <analyses/search/postings.hpp>
#include <cstdlib>

#include "fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return fuzz(data, size, [](std::string_view bytes) {
    const std::string_view documents = bytes.substr(0, bytes.size() / 2), places = bytes.substr(bytes.size() / 2);
    std::string again;
    std::int64_t before = 7;
    for (resident::PostingCursor cursor(7, documents, places); cursor.next(); before = cursor.posting().document) {
      if (cursor.posting().document <= before) std::abort();
      resident::append_document(again, before, cursor.posting().document);
      resident::append_counts(again, cursor.posting().counts);
      for (std::size_t field = 0; field < resident::kSearchFields; ++field)
        if (cursor.places(field).size() != cursor.posting().counts[field]) std::abort();
    }
    before = 7;
    for (resident::PostingCursor cursor(7, again); cursor.next();) before = cursor.posting().document;
    const auto lengths = resident::decode_lengths(7, documents);
    const auto twice = resident::decode_lengths(7, resident::encode_lengths(7, lengths));
    if (twice.size() != lengths.size()) std::abort();
    if (!lengths.empty() && twice.back().document != lengths.back().document) std::abort();
  });
}
