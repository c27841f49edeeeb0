#include <algorithm>
#include <analyses/search/posting_buffer.hpp>
#include <analyses/search/words.hpp>
#include <numeric>
#include <text/tokens.hpp>

namespace resident {

namespace {

constexpr unsigned kPlaceBits = 17, kFieldBits = 2;
static_assert(kMostIndexed <= std::size_t{1} << kPlaceBits && kSearchFields <= std::size_t{1} << kFieldBits);
constexpr std::size_t kBatchBytes = 8 << 20;
constexpr std::size_t kBytesPerWord = 80;  // of the map, beside the word itself

}  // namespace

void PostingBuffer::add(std::int64_t document, const std::array<std::string_view, kSearchFields>& texts) {
  found_.clear();
  for (std::size_t field = 0; field < kSearchFields; ++field) {
    std::uint64_t place = 0;
    for (auto& token : search_tokens(texts[field])) {
      const auto [word, is_new] = words_.try_emplace(std::move(token), static_cast<std::uint32_t>(words_.size()));
      if (is_new) word_bytes_ += word->first.size() + kBytesPerWord;
      found_.push_back((std::uint64_t{word->second} << kFieldBits | field) << kPlaceBits | place++);
    }
  }
  std::sort(found_.begin(), found_.end());
  const auto number = static_cast<std::uint32_t>(documents_.size());
  documents_.push_back({document, static_cast<std::uint32_t>(found_.size())});
  for (std::size_t i = 0; i < found_.size();) {
    const auto word = static_cast<std::uint32_t>(found_[i] >> (kFieldBits + kPlaceBits));
    std::size_t end = i;
    std::array<std::uint32_t, kSearchFields> counts{};
    const auto field_of = [&](std::size_t at) { return found_[at] >> kPlaceBits & ((1U << kFieldBits) - 1); };
    for (; end < found_.size() && found_[end] >> (kFieldBits + kPlaceBits) == word; ++end) ++counts[field_of(end)];
    append_counts(bytes_, counts);
    const auto places = static_cast<std::uint32_t>(bytes_.size());
    std::uint64_t before = 0;
    for (std::size_t at = i; at < end; ++at) {
      if (at == i || field_of(at) != field_of(at - 1)) before = 0;
      const std::uint64_t place = found_[at] & ((1U << kPlaceBits) - 1);
      append_number(bytes_, place - before);
      before = place;
    }
    entries_.push_back({word, number, places, static_cast<std::uint32_t>(bytes_.size())});
    i = end;
  }
}

std::size_t PostingBuffer::bytes() const {
  // While they are given, each entry has its place in the order.
  return bytes_.size() + entries_.size() * (sizeof(Entry) + sizeof(std::uint32_t)) + word_bytes_;
}

std::vector<DocumentLength> PostingBuffer::take(std::int64_t base, const std::function<void(PostingRow)>& give) {
  std::vector<std::pair<const std::string*, std::uint32_t>> words;
  for (const auto& [word, number] : words_) words.emplace_back(&word, number);
  std::sort(words.begin(), words.end(), [](const auto& a, const auto& b) { return *a.first < *b.first; });
  // The entries of each word together: those of word n end at ends[n].
  std::vector<std::uint32_t> ends(words.size() + 1), order(entries_.size());
  for (const auto& entry : entries_) ++ends[entry.word + 1];
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  for (std::uint32_t i = 0; i < entries_.size(); ++i) order[ends[entries_[i].word]++] = i;
  const auto document_of = [&](std::uint32_t entry) { return documents_[entries_[entry].document].document; };
  const std::string_view bytes = bytes_;
  for (const auto& [word, number] : words) {
    const auto begin = order.begin() + (number == 0 ? 0 : ends[number - 1]), end = order.begin() + ends[number];
    std::sort(begin, end, [&](std::uint32_t a, std::uint32_t b) { return document_of(a) < document_of(b); });
    PostingRow row{*word, {}, {}};
    std::int64_t previous = base;
    for (auto at = begin; at != end; ++at) {
      const Entry& entry = entries_[*at];
      const std::uint32_t counts = *at == 0 ? 0 : entries_[*at - 1].end;
      append_document(row.documents, previous, document_of(*at));
      row.documents += bytes.substr(counts, entry.places - counts);
      row.places += bytes.substr(entry.places, entry.end - entry.places);
      previous = document_of(*at);
    }
    give(std::move(row));
  }
  std::vector<DocumentLength> lengths = std::move(documents_);
  std::sort(lengths.begin(), lengths.end(), [](const auto& a, const auto& b) { return a.document < b.document; });
  *this = PostingBuffer();
  return lengths;
}

std::string bytes_of(const Rows& rows, std::size_t column) {
  Value value = rows.value(column);
  auto* blob = std::get_if<Blob>(&value);
  return blob ? std::move(blob->bytes) : std::string();
}

void PostingBatch::add(std::int64_t project_id, std::int64_t segment, PostingRow row) {
  bytes_ += row.word.size() + row.documents.size() + row.places.size() + 5 * sizeof(Value);
  values_.insert(values_.end(), {project_id, segment, std::move(row.word)});
  values_.emplace_back(Blob{std::move(row.documents)});
  values_.emplace_back(Blob{std::move(row.places)});
  if (bytes_ > kBatchBytes) flush();
}

void PostingBatch::flush() {
  database_.insert_values({"search_posting",
                           {"project_id", "segment", "word", "documents", "places"},
                           {"project_id", "segment", "word"},
                           OnConflict::fail},
                          values_);
  values_.clear();
  bytes_ = 0;
}

}  // namespace resident
