#include <algorithm>
#include <base/error.hpp>
#include <cmath>
#include <learn/labels/topics.hpp>
#include <map>
#include <numeric>
#include <random>

namespace resident::labels {

namespace {

constexpr int kRounds = 12;
constexpr std::size_t kLeast = 3;          // texts a word has to stand in
constexpr std::size_t kCentreWords = 600;  // of a topic: its heaviest

std::map<std::uint64_t, int> counted(const Features& text) {
  std::map<std::uint64_t, int> counts;
  for (const auto word : text.of[all_words]) ++counts[word];
  return counts;
}

// Uniform in [0, 1), the same with every standard library.
double uniform(std::mt19937_64& random) {
  return static_cast<double>(random() >> 11) * 0x1.0p-53;
}

}  // namespace

Topics::Topics(const std::vector<const Features*>& texts, int count, std::uint64_t seed)
    : count_(static_cast<std::size_t>(count)) {
  std::map<std::uint64_t, std::size_t> frequency;
  for (const auto* text : texts)
    for (const auto& [word, times] : counted(*text)) ++frequency[word];
  for (const auto& [word, in] : frequency)
    if (in >= kLeast && in * 2 <= texts.size())
      words_.emplace(
          word, std::pair{static_cast<std::uint32_t>(words_.size()),
                          static_cast<float>(std::log(static_cast<double>(texts.size()) / static_cast<double>(in)))});
  std::vector<Row> rows;
  for (const auto* text : texts) rows.push_back(row(*text));
  centres_.assign(words_.size(), std::vector<float>(count_));
  if (rows.empty()) return;
  const auto put = [&](const Row& from, std::size_t topic) {
    for (const auto& [word, value] : from) centres_[word][topic] = value;
  };
  // k-means++ (Arthur & Vassilvitskii 2007), by 1 - cosine.
  std::mt19937_64 random(seed);
  put(rows[static_cast<std::size_t>(uniform(random) * static_cast<double>(rows.size()))], 0);
  std::vector<double> nearest(rows.size(), -1);
  for (std::size_t topic = 1; topic < count_; ++topic) {
    std::vector<double> far(rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      nearest[i] = std::max(nearest[i], likeness(rows[i])[topic - 1]);
      far[i] = std::pow(std::max(0.0, 1 - nearest[i]), 2);
    }
    double left = uniform(random) * std::accumulate(far.begin(), far.end(), 0.0);
    std::size_t chosen = 0;
    while (chosen + 1 < rows.size() && left >= far[chosen]) left -= far[chosen++];
    put(rows[chosen], topic);
  }
  for (int round = 0; round < kRounds; ++round) {
    std::vector<std::vector<float>> sums(words_.size(), std::vector<float>(count_));
    for (const auto& each : rows) {
      const auto like = likeness(each);
      const auto topic = static_cast<std::size_t>(std::max_element(like.begin(), like.end()) - like.begin());
      for (const auto& [word, value] : each) sums[word][topic] += value;
    }
    for (std::size_t topic = 0; topic < count_; ++topic) {
      std::vector<float> heaviest;
      for (const auto& word : sums)
        if (word[topic] > 0) heaviest.push_back(word[topic]);
      float least = 0;
      if (heaviest.size() > kCentreWords) {
        std::nth_element(heaviest.begin(), heaviest.begin() + kCentreWords, heaviest.end(), std::greater<>());
        least = heaviest[kCentreWords];
      }
      double norm = 0;
      for (auto& word : sums) {
        if (word[topic] <= least) word[topic] = 0;
        norm += static_cast<double>(word[topic]) * word[topic];
      }
      const auto scale = static_cast<float>(norm > 0 ? 1 / std::sqrt(norm) : 0);
      for (std::size_t word = 0; word < sums.size(); ++word) centres_[word][topic] = sums[word][topic] * scale;
    }
  }
}

Topics::Row Topics::row(const Features& text) const {
  Row result;
  double norm = 0;
  for (const auto& [word, times] : counted(text)) {
    const auto found = words_.find(word);
    if (found == words_.end()) continue;
    const double value = (1 + std::log(times)) * static_cast<double>(found->second.second);
    norm += value * value;
    result.emplace_back(found->second.first, static_cast<float>(value));
  }
  const auto scale = static_cast<float>(norm > 0 ? 1 / std::sqrt(norm) : 0);
  for (auto& [word, value] : result) value *= scale;
  return result;
}

std::vector<double> Topics::likeness(const Row& row) const {
  std::vector<double> result(count_);
  for (const auto& [word, value] : row)
    for (std::size_t topic = 0; topic < count_; ++topic)
      result[topic] += static_cast<double>(value) * static_cast<double>(centres_[word][topic]);
  return result;
}

int Topics::of(const Features& text) const {
  if (count_ < 2) return 0;
  const auto like = likeness(row(text));
  return static_cast<int>(std::max_element(like.begin(), like.end()) - like.begin());
}

void Topics::pack(Packer& packer) const {
  packer.whole(count_);
  packer.whole(words_.size());
  const std::map<std::uint64_t, std::pair<std::uint32_t, float>> in_order(words_.begin(), words_.end());
  for (const auto& [word, known] : in_order) {
    packer.whole(word);
    packer.whole(known.first);
    packer.number(static_cast<double>(known.second));
    packer.numbers(centres_[known.first]);
  }
}

Topics Topics::unpack(Unpacker& unpacker) {
  Topics topics;
  topics.count_ = unpacker.whole();
  const std::size_t words = unpacker.count(10);
  topics.words_.reserve(words);
  topics.centres_.resize(words);
  for (std::size_t i = 0; i < words; ++i) {
    const std::uint64_t word = unpacker.whole(), place = unpacker.whole();
    const auto rarity = static_cast<float>(unpacker.number());
    if (place >= words) throw Error("kept topics name a word that they do not have");
    topics.words_.emplace(word, std::pair{static_cast<std::uint32_t>(place), rarity});
    topics.centres_[place] = unpacker.numbers<float>();
    if (topics.centres_[place].size() != topics.count_) throw Error("kept topics have not all their centres");
  }
  return topics;
}

}  // namespace resident::labels
