#include <algorithm>
#include <analyses/search/index_text.hpp>
#include <analyses/search/posting_buffer.hpp>
#include <analyses/text/tokens.hpp>
#include <numeric>

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
    for (auto& token : text_tokens(texts[field], kMostIndexed)) {
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
    const auto begin = static_cast<std::uint32_t>(bytes_.size());
    append_counts(bytes_, counts);
    const auto places = static_cast<std::uint32_t>(bytes_.size());
    std::uint64_t before = 0;
    for (std::size_t at = i; at < end; ++at) {
      if (at == i || field_of(at) != field_of(at - 1)) before = 0;
      const std::uint64_t place = found_[at] & ((1U << kPlaceBits) - 1);
      append_number(bytes_, place - before);
      before = place;
    }
    entries_.push_back({word, number, begin, places, static_cast<std::uint32_t>(bytes_.size())});
    i = end;
  }
}

std::size_t PostingBuffer::bytes() const {
  // While they are given, each entry is there once more, with its place in the order.
  return bytes_.size() + entries_.size() * (sizeof(Entry) + 16) + word_bytes_;
}

std::vector<DocumentLength> PostingBuffer::take(std::int64_t base, const std::function<void(PostingRow)>& give) {
  // Words and documents by their places in order.
  std::vector<const std::string*> words;
  for (const auto& [word, number] : words_) words.push_back(&word);
  std::sort(words.begin(), words.end(), [](const auto* a, const auto* b) { return *a < *b; });
  std::vector<std::uint64_t> word_place(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) word_place[words_.at(*words[i])] = i;
  std::vector<std::uint32_t> documents(documents_.size());
  std::iota(documents.begin(), documents.end(), 0U);
  std::sort(documents.begin(), documents.end(),
            [&](std::uint32_t a, std::uint32_t b) { return documents_[a].document < documents_[b].document; });
  std::vector<std::uint32_t> document_place(documents.size());
  std::vector<DocumentLength> lengths;
  for (std::size_t i = 0; i < documents.size(); ++i) {
    document_place[documents[i]] = static_cast<std::uint32_t>(i);
    lengths.push_back(documents_[documents[i]]);
  }
  std::vector<std::pair<std::uint64_t, std::uint32_t>> order;
  order.reserve(entries_.size());
  for (std::size_t i = 0; i < entries_.size(); ++i)
    order.emplace_back(word_place[entries_[i].word] << 32 | document_place[entries_[i].document],
                       static_cast<std::uint32_t>(i));
  std::sort(order.begin(), order.end());
  const std::string_view bytes = bytes_;
  for (std::size_t i = 0; i < order.size();) {
    PostingRow row{*words[order[i].first >> 32], {}, {}};
    std::int64_t previous = base;
    for (const std::uint64_t word = order[i].first >> 32; i < order.size() && order[i].first >> 32 == word; ++i) {
      const Entry& entry = entries_[order[i].second];
      const std::int64_t document = documents_[entry.document].document;
      append_document(row.documents, previous, document);
      row.documents += bytes.substr(entry.begin, entry.places - entry.begin);
      row.places += bytes.substr(entry.places, entry.end - entry.places);
      previous = document;
    }
    give(std::move(row));
  }
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
