#include <algorithm>
#include <cmath>
#include <text/bm25.hpp>

namespace resident {

namespace {

// Share of a word's highest score that it has in a document of typical length where it stands once.
constexpr double kTypicalShare = 0.6;

WordCounts counted(std::vector<std::uint32_t> numbers) {
  std::sort(numbers.begin(), numbers.end());
  WordCounts counts;
  for (const auto number : numbers) {
    if (counts.empty() || counts.back().first != number) counts.emplace_back(number, 0);
    ++counts.back().second;
  }
  return counts;
}

}  // namespace

std::uint32_t Vocabulary::number(const std::string& word) {
  const auto [found, is_new] = numbers_.emplace(word, static_cast<std::uint32_t>(words_.size()));
  if (is_new) words_.push_back(word);
  return found->second;
}

WordCounts Vocabulary::count(const std::vector<std::string>& tokens) {
  std::vector<std::uint32_t> numbers;
  numbers.reserve(tokens.size());
  for (const auto& token : tokens) numbers.push_back(number(token));
  return counted(std::move(numbers));
}

WordCounts Vocabulary::count_known(const std::vector<std::string>& tokens) const {
  std::vector<std::uint32_t> numbers;
  for (const auto& token : tokens)
    if (const auto found = numbers_.find(token); found != numbers_.end()) numbers.push_back(found->second);
  return counted(std::move(numbers));
}

void Bm25Index::add(const WordCounts& words) {
  const auto document = static_cast<std::uint32_t>(lengths_.size());
  std::uint32_t length = 0;
  for (const auto& [word, count] : words) {
    if (word >= postings_.size()) postings_.resize(word + 1);
    postings_[word].push_back({document, count});
    length += count;
  }
  lengths_before_.push_back(lengths_.empty() ? 0 : lengths_before_.back() + lengths_.back());
  lengths_.push_back(length);
}

double Bm25Index::frequency(std::uint32_t word, std::uint32_t end) const {
  if (word >= postings_.size()) return 0;
  const auto& list = postings_[word];
  if (list.empty() || list.back().document < end) return static_cast<double>(list.size());
  return static_cast<double>(
      std::lower_bound(list.begin(), list.end(), end,
                       [](const Posting& posting, std::uint32_t at) { return posting.document < at; }) -
      list.begin());
}

double Bm25Index::idf(std::uint32_t word, std::uint32_t end) const {
  const double n = std::min<double>(end, static_cast<double>(lengths_.size())), df = frequency(word, end);
  return std::log(1 + (n - df + 0.5) / (df + 0.5));
}

void Bm25Index::score(const WordCounts& query, std::uint32_t end, double weight, std::uint32_t most_repeats,
                      std::vector<double>& scores, std::vector<std::uint32_t>& touched) const {
  end = std::min(end, static_cast<std::uint32_t>(lengths_.size()));
  if (end == 0) return;
  const bool is_large = end >= options_.large_collection;
  const double total = static_cast<double>(lengths_before_[end - 1] + lengths_[end - 1]);
  const double fixed = options_.k1 * (1 - options_.b),
               by_length = options_.k1 * options_.b * end / std::max(1.0, total);
  for (const auto& [word, count] : query) {
    const double df = frequency(word, end);
    if (df == 0 || (is_large && df > options_.most_common * end)) continue;
    const double factor = weight * idf(word, end) * (options_.k1 + 1) * std::min(count, most_repeats);
    for (const auto& posting : postings_[word]) {
      if (posting.document >= end) break;
      if (scores[posting.document] == 0) touched.push_back(posting.document);
      scores[posting.document] +=
          factor * posting.count / (posting.count + fixed + by_length * lengths_[posting.document]);
    }
  }
}

double Bm25Index::scale(const WordCounts& query, std::uint32_t end, std::uint32_t most_repeats) const {
  double sum = 0;
  for (const auto& [word, count] : query)
    sum += idf(word, end) * (options_.k1 + 1) * kTypicalShare * std::min(count, most_repeats);
  return sum > 0 ? sum : 1;
}

}  // namespace resident
