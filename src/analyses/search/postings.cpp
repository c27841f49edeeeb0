#include <algorithm>
#include <analyses/search/postings.hpp>
#include <base/error.hpp>
#include <limits>

namespace resident {

namespace {

[[noreturn]] void fail() {
  throw Error("the search index is damaged",
              "DELETE FROM search_state in the store: the next `resident search` makes it anew");
}

std::uint64_t take_number(std::string_view& bytes) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    if (bytes.empty()) fail();
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    number |= static_cast<std::uint64_t>(byte & 127) << shift;
    if (byte < 128) return number;
  }
  fail();
}

std::uint32_t take_count(std::string_view& bytes) {
  const std::uint64_t number = take_number(bytes);
  if (number > std::numeric_limits<std::uint32_t>::max()) fail();
  return static_cast<std::uint32_t>(number);
}

std::int64_t take_document(std::string_view& bytes, std::int64_t previous) {
  const std::uint64_t step = take_number(bytes);
  if (step == 0 || step > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max() - previous)) fail();
  return previous + static_cast<std::int64_t>(step);
}

}  // namespace

void append_number(std::string& bytes, std::uint64_t number) {
  for (; number >= 128; number >>= 7) bytes += static_cast<char>(number | 128);
  bytes += static_cast<char>(number);
}

void append_document(std::string& bytes, std::int64_t previous, std::int64_t document) {
  append_number(bytes, static_cast<std::uint64_t>(document - previous));
}

// Most words stand in one field, a few times: that is one byte.
void append_counts(std::string& bytes, const std::array<std::uint32_t, kSearchFields>& counts) {
  std::uint64_t head = 0;
  bool is_first = true;
  std::string rest;
  for (std::size_t field = 0; field < kSearchFields; ++field) {
    if (counts[field] == 0) continue;
    head |= std::uint64_t{1} << field;
    if (is_first) {
      head |= std::uint64_t{counts[field] - 1} << kSearchFields;
    } else {
      append_number(rest, counts[field]);
    }
    is_first = false;
  }
  append_number(bytes, head);
  bytes += rest;
}

std::string encode_lengths(std::int64_t base, const std::vector<DocumentLength>& documents) {
  std::string bytes;
  for (const auto& each : documents) {
    append_document(bytes, base, each.document);
    append_number(bytes, each.words);
    base = each.document;
  }
  return bytes;
}

std::vector<DocumentLength> decode_lengths(std::int64_t base, std::string_view bytes) {
  std::vector<DocumentLength> documents;
  while (!bytes.empty()) {
    base = take_document(bytes, base);
    documents.push_back({base, take_count(bytes)});
  }
  return documents;
}

std::string encode_documents(std::int64_t base, const std::vector<std::int64_t>& documents) {
  std::string bytes;
  for (const std::int64_t document : documents) {
    append_document(bytes, base, document);
    base = document;
  }
  return bytes;
}

std::vector<std::int64_t> decode_documents(std::int64_t base, std::string_view bytes) {
  std::vector<std::int64_t> documents;
  while (!bytes.empty()) documents.push_back(base = take_document(bytes, base));
  return documents;
}

PostingCursor::PostingCursor(std::int64_t base, std::string_view documents, std::string_view places)
    : documents_(documents), places_(places) {
  posting_.document = base;
}

bool PostingCursor::next() {
  if (!is_located_)
    for (const std::uint32_t count : posting_.counts) unread_ += count;
  is_located_ = false;
  if (documents_.empty()) return false;
  posting_.document = take_document(documents_, posting_.document);
  std::uint64_t head = take_number(documents_);
  const std::uint64_t fields = head & ((1U << kSearchFields) - 1);
  head >>= kSearchFields;
  if (fields == 0 || head >= std::numeric_limits<std::uint32_t>::max()) fail();
  bool is_first = true;
  for (std::size_t field = 0; field < kSearchFields; ++field) {
    std::uint32_t& count = posting_.counts[field];
    count = 0;
    if (!(fields >> field & 1)) continue;
    count = is_first ? static_cast<std::uint32_t>(head) + 1 : take_count(documents_);
    is_first = false;
  }
  return true;
}

// Each number ends with a byte below 128.
void PostingCursor::locate() {
  if (is_located_) return;
  std::uint64_t present = 0;
  for (const std::uint32_t count : posting_.counts) present += count;
  const auto skip = [&](std::uint64_t numbers) {
    std::size_t at = 0;
    for (; numbers > 0; ++at) {
      if (at >= places_.size()) fail();
      numbers -= static_cast<unsigned char>(places_[at]) < 128;
    }
    const std::string_view skipped = places_.substr(0, at);
    places_.remove_prefix(at);
    return skipped;
  };
  skip(unread_);
  unread_ = 0;
  present_ = skip(present);
  is_located_ = true;
}

const std::vector<std::uint32_t>& PostingCursor::places(std::size_t field) {
  locate();
  decoded_.clear();
  std::string_view rest = present_;
  for (std::size_t each = 0; each <= field; ++each) {
    std::uint64_t place = 0;
    for (std::uint32_t i = 0; i < posting_.counts[each]; ++i) {
      place += take_number(rest);
      if (place > std::numeric_limits<std::uint32_t>::max()) fail();
      if (each == field) decoded_.push_back(static_cast<std::uint32_t>(place));
    }
  }
  return decoded_;
}

std::string_view PostingCursor::place_bytes() {
  locate();
  return present_;
}

}  // namespace resident
