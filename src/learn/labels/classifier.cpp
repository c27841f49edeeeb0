#include <algorithm>
#include <base/error.hpp>
#include <cmath>
#include <learn/labels/classifier.hpp>
#include <learn/labels/topics.hpp>
#include <map>
#include <stats/linear.hpp>

namespace resident::labels {

namespace {

constexpr std::size_t kLeast = 2;  // texts a feature has to stand in

std::uint64_t mixed(std::uint64_t x) {  // splitmix64's finaliser
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9ULL;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

std::uint64_t key_of(std::uint64_t feature, std::size_t view, int topic) {
  return mixed(feature + 0x9e3779b97f4a7c15ULL * (view + 1) +
               0xd1342543de82ef95ULL * static_cast<std::uint64_t>(topic + 1));
}

std::vector<double> softmax(const std::vector<double>& values) {
  const double most = *std::max_element(values.begin(), values.end());
  std::vector<double> result;
  double sum = 0;
  for (const double value : values) sum += result.emplace_back(std::exp(value - most));
  for (double& value : result) value /= sum;
  return result;
}

std::vector<double> tempered(const std::vector<double>& shares, double temperature) {
  std::vector<double> logs;
  for (const double share : shares) logs.push_back(temperature * std::log(std::max(share, 1e-12)));
  return softmax(logs);
}

// Sorted keys that are hashes: where one stands is guessed from its size, since they are spread evenly.
class Vocabulary {
 public:
  Vocabulary() = default;
  Vocabulary(std::vector<std::uint64_t> keys, std::vector<float> rarity)
      : keys_(std::move(keys)), rarity_(std::move(rarity)) {}

  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);
  std::size_t place(std::uint64_t key) const {
    if (keys_.empty()) return kNone;
    const auto guess = static_cast<std::size_t>((static_cast<unsigned __int128>(key) * keys_.size()) >> 64U);
    // Out from the guess until the key lies between, then halving.
    std::size_t low = guess, high = guess + 1, step = 16;
    while (low > 0 && keys_[low] > key) low = low > step ? low - step : 0, step *= 2;
    step = 16;
    while (high < keys_.size() && keys_[high] <= key) high = std::min(high + step, keys_.size()), step *= 2;
    const auto end = keys_.begin() + static_cast<std::ptrdiff_t>(high);
    const auto found = std::lower_bound(keys_.begin() + static_cast<std::ptrdiff_t>(low), end, key);
    return found == end || *found != key ? kNone : static_cast<std::size_t>(found - keys_.begin());
  }
  double rarity(std::size_t place) const { return static_cast<double>(rarity_[place]); }  // inverse document frequency

  void pack(Packer& packer) const {
    packer.numbers(keys_);
    packer.numbers(rarity_);
  }
  static Vocabulary unpack(Unpacker& unpacker) {
    auto keys = unpacker.numbers<std::uint64_t>();
    auto rarity = unpacker.numbers<float>();
    if (keys.size() != rarity.size() || !std::is_sorted(keys.begin(), keys.end()))
      throw Error("a kept vocabulary is out of order");
    return {std::move(keys), std::move(rarity)};
  }

 private:
  std::vector<std::uint64_t> keys_;
  std::vector<float> rarity_;
};

}  // namespace

// A view's features weigh 1 together, whatever the length of the text.
struct Member {
  Topics topics;
  int topic_count = 1;
  std::array<bool, kViews> looks_at{};
  Vocabulary vocabulary;
  LinearClassifier classifier;

  void add_view(const std::vector<std::uint64_t>& features, std::size_t view, int topic, SparseRow& row) const {
    std::map<std::uint64_t, int> counts;
    for (const auto feature : features) ++counts[key_of(feature, view, topic)];
    const std::size_t begin = row.size();
    double norm = 0;
    for (const auto& [key, times] : counts) {
      const std::size_t place = vocabulary.place(key);
      if (place == Vocabulary::kNone) continue;
      const double value = (1 + std::log(times)) * vocabulary.rarity(place);
      norm += value * value;
      row.emplace_back(static_cast<std::uint32_t>(place), static_cast<float>(value));
    }
    const auto scale = static_cast<float>(norm > 0 ? 1 / std::sqrt(norm) : 0);
    for (std::size_t i = begin; i < row.size(); ++i) row[i].second *= scale;
  }

  SparseRow row(const Features& text) const {
    SparseRow result;
    const int topic = topic_count > 1 ? topics.of(text) : -1;
    for (std::size_t view = 0; view < kViews; ++view) {
      if (!looks_at[view]) continue;
      add_view(text.of[view], view, -1, result);
      if (topic >= 0) add_view(text.of[view], view, topic, result);
    }
    std::sort(result.begin(), result.end());
    return result;
  }

  Member() = default;
  Member(const std::vector<Example>& examples, int label_count, int number_of_topics, const LearningOptions& options,
         std::uint64_t seed)
      : topic_count(number_of_topics) {
    for (std::size_t view = 0; view < kViews; ++view)
      looks_at[view] =
          options.views.empty() || std::find(options.views.begin(), options.views.end(), view) != options.views.end();
    std::vector<const Features*> texts;
    for (const auto& example : examples) texts.push_back(example.features);
    if (topic_count > 1) topics = Topics(texts, topic_count, seed);
    std::unordered_map<std::uint64_t, std::uint32_t> frequency;
    std::vector<std::uint64_t> keys;
    for (const auto* text : texts) {
      const int topic = topic_count > 1 ? topics.of(*text) : -1;
      keys.clear();
      for (std::size_t view = 0; view < kViews; ++view) {
        if (!looks_at[view]) continue;
        for (const auto feature : text->of[view]) {
          keys.push_back(key_of(feature, view, -1));
          if (topic >= 0) keys.push_back(key_of(feature, view, topic));
        }
      }
      std::sort(keys.begin(), keys.end());
      keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
      for (const auto key : keys) ++frequency[key];
    }
    std::vector<std::pair<std::uint64_t, std::uint32_t>> kept;
    for (const auto& each : frequency)
      if (each.second >= kLeast) kept.push_back(each);
    std::sort(kept.begin(), kept.end());
    std::vector<std::uint64_t> known;
    std::vector<float> rarity;
    for (const auto& [key, in] : kept) {
      known.push_back(key);
      rarity.push_back(static_cast<float>(1 + std::log((1.0 + static_cast<double>(texts.size())) / (1.0 + in))));
    }
    vocabulary = Vocabulary(std::move(known), std::move(rarity));
    std::vector<SparseRow> rows;
    std::vector<int> classes;
    for (const auto& example : examples) {
      rows.push_back(row(*example.features));
      classes.push_back(example.label);
    }
    classifier = LinearClassifier(rows, classes, label_count, options.cost);
  }

  void pack(Packer& packer) const {
    packer.whole(static_cast<std::uint64_t>(topic_count));
    for (const bool looks : looks_at) packer.whole(looks ? 1 : 0);
    topics.pack(packer);
    vocabulary.pack(packer);
    classifier.pack(packer);
  }
  static Member unpack(Unpacker& unpacker) {
    Member member;
    member.topic_count = static_cast<int>(unpacker.count(1));
    for (bool& looks : member.looks_at) looks = unpacker.whole() != 0;
    member.topics = Topics::unpack(unpacker);
    member.vocabulary = Vocabulary::unpack(unpacker);
    member.classifier = LinearClassifier::unpack(unpacker);
    return member;
  }
};

struct Classifier::Ensemble {
  std::vector<Member> members;
  double temperature = 1;

  Ensemble() = default;
  Ensemble(const std::vector<Example>& examples, int label_count, const LearningOptions& options) {
    for (std::size_t i = 0; i < options.topics.size(); ++i)
      members.emplace_back(examples, label_count, options.topics[i], options, i + 1);
  }

  std::vector<double> shares(const Features& features) const {
    std::vector<double> sum;
    for (const auto& member : members) {
      const auto each = softmax(member.classifier.decisions(member.row(features)));
      sum.resize(each.size());
      for (std::size_t k = 0; k < each.size(); ++k) sum[k] += each[k] / static_cast<double>(members.size());
    }
    return sum;
  }
};

Classifier::Classifier(const std::vector<Example>& examples, int label_count, const LearningOptions& options) {
  // What the temperature is found on, each text told by an ensemble that did not learn from it.
  std::vector<std::pair<std::vector<double>, int>> unseen;
  for (int fold = 0; fold < options.calibration_folds; ++fold) {
    std::vector<Example> learn, ask;
    for (std::size_t i = 0; i < examples.size(); ++i)
      (mixed(i + 1) % static_cast<std::uint64_t>(options.calibration_folds) == static_cast<std::uint64_t>(fold) ? ask
                                                                                                                : learn)
          .push_back(examples[i]);
    std::vector<bool> there(static_cast<std::size_t>(label_count));
    for (const auto& each : learn) there[static_cast<std::size_t>(each.label)] = true;
    if (std::count(there.begin(), there.end(), true) < 2) continue;
    const Ensemble ensemble(learn, label_count, options);
    for (const auto& each : ask) unseen.emplace_back(ensemble.shares(*each.features), each.label);
  }
  ensemble_ = std::make_unique<Ensemble>(examples, label_count, options);
  if (unseen.empty()) return;
  double best = 1e300;
  for (double temperature = 0.2; temperature <= 8; temperature *= 1.05) {
    double loss = 0;
    for (const auto& [shares, label] : unseen)
      loss -= std::log(std::max(tempered(shares, temperature)[static_cast<std::size_t>(label)], 1e-12));
    if (loss < best) best = loss, ensemble_->temperature = temperature;
  }
}

Classifier::Classifier() = default;
Classifier::Classifier(Classifier&&) noexcept = default;
Classifier& Classifier::operator=(Classifier&&) noexcept = default;
Classifier::~Classifier() = default;

std::vector<double> Classifier::probabilities(const Features& features) const {
  return tempered(ensemble_->shares(features), ensemble_->temperature);
}

double Classifier::temperature() const {
  return ensemble_->temperature;
}

std::vector<double> Classifier::contributions(const Features& features, View view, int label) const {
  const Member& member = ensemble_->members.front();
  std::vector<double> result;
  for (const auto feature : features.of[view]) {
    const std::size_t place = member.vocabulary.place(key_of(feature, view, -1));
    double value = 0;
    if (place != Vocabulary::kNone) {
      const auto at = static_cast<std::uint32_t>(place);
      const int labels = member.classifier.class_count();
      double others = 0;
      for (int k = 0; k < labels; ++k)
        if (k != label) others += member.classifier.weight(at, k) / (labels - 1);
      value = (member.classifier.weight(at, label) - others) * member.vocabulary.rarity(place);
    }
    result.push_back(value);
  }
  return result;
}

void Classifier::pack(Packer& packer) const {
  packer.number(ensemble_->temperature);
  packer.whole(ensemble_->members.size());
  for (const auto& member : ensemble_->members) member.pack(packer);
}

Classifier Classifier::unpack(Unpacker& unpacker) {
  Classifier classifier;
  classifier.ensemble_ = std::make_unique<Ensemble>();
  classifier.ensemble_->temperature = unpacker.number();
  const std::size_t members = unpacker.count(16);
  for (std::size_t i = 0; i < members; ++i) classifier.ensemble_->members.push_back(Member::unpack(unpacker));
  if (members == 0) throw Error("a kept classifier has no members");
  return classifier;
}

}  // namespace resident::labels
