#include <algorithm>
#include <base/error.hpp>
#include <cmath>
#include <map>
#include <text/item_index.hpp>
#include <text/passages.hpp>
#include <text/tokens.hpp>

namespace resident::text {

namespace {

// BM25F: weights of the fields, their length normalisation, saturation; k3 of the query side.
// Customary values; title ×3 as in the simple way that is compared with.
constexpr std::array<double, 3> kFieldWeight{3.0, 1.0, 0.5};
constexpr std::array<double, 3> kLengthPart{0.5, 0.75, 0.75};
constexpr double kSaturation = 1.5, kQuerySaturation = 2.0;
constexpr std::size_t kQueryTerms = 80;   // the heaviest terms of the asking item find its candidates
constexpr double kCommonShare = 0.2;      // terms in more of the documents than this find nobody
constexpr std::size_t kSmallCorpus = 50;  // below it no term is common
constexpr double kLongAgoDays = 3650;

double counted(double count) {
  return count > 0 ? 1 + std::log(count) : 0;
}

}  // namespace

std::string_view name_of(Signal signal) {
  constexpr std::array<std::string_view, kSignals> names{"likeness",    "title_words", "title_pairs",
                                                         "prose_words", "code_words",  "names",
                                                         "distance",    "same_author", "meaning"};
  return names[signal];
}

std::uint32_t ItemIndex::number_of(std::string_view term) {
  const auto [found, is_new] = numbers_.emplace(std::string(term), static_cast<std::uint32_t>(names_.size()));
  if (is_new) {
    names_.push_back(found->first);
    postings_.emplace_back();
    frequency_.push_back(0);
  }
  return found->second;
}

double ItemIndex::idf(std::uint32_t term) const {
  const double all = static_cast<double>(counted_), with = frequency_[term];
  return std::log(1 + (all - with + 0.5) / (with + 0.5));
}

double ItemIndex::idf(std::string_view term) const {
  const auto found = numbers_.find(std::string(term));
  return found == numbers_.end() ? std::log(1 + (static_cast<double>(counted_) + 0.5) / 0.5) : idf(found->second);
}

double ItemIndex::title_pair_idf(std::uint64_t pair) const {
  const auto found = pair_documents_.find(pair);
  const double all = static_cast<double>(counted_);
  const double with = found == pair_documents_.end() ? 0 : found->second;
  return std::log(1 + (all - with + 0.5) / (with + 0.5));
}

ItemIndex::Document ItemIndex::read(const ItemText& item) {
  Document document;
  document.item_id = item.item_id;
  document.author = item.author;
  document.created_at = item.created_at;
  const Passages passages = passages_of(item.body);
  std::map<std::uint32_t, Document::Count> counts;
  std::map<std::uint64_t, std::uint16_t> pairs;
  std::uint32_t last = 0;
  const auto take = [&](std::string_view text, std::size_t field) {
    bool has_last = false;
    std::vector<std::string> tokens;
    for (const WordPlace& place : word_places(text)) {
      tokens.clear();
      add_word_tokens(text.substr(place.begin, place.end - place.begin), tokens);
      for (std::size_t i = 0; i < tokens.size(); ++i) {
        // Of a name of code the whole comes first, then its words.
        const bool is_name = i == 0 && tokens.size() > 1;
        const std::uint32_t number = number_of(tokens[i]);
        auto& count = counts[number];
        count.term = number;
        count.is_name = count.is_name || is_name;
        if (count.in[field] < 1000) ++count.in[field];
        document.length[field] += 1;
        if (field != 0 || is_name) continue;
        if (has_last) {
          const auto [low, high] = std::minmax(last, number);
          ++pairs[(static_cast<std::uint64_t>(high) << 32U) | low];
        }
        has_last = true;
        last = number;
      }
    }
  };
  take(item.title, 0);
  take(passages.prose, 1);
  take(passages.code, 2);
  for (const auto& [number, count] : counts) document.counts.push_back(count);
  document.title_pairs.assign(pairs.begin(), pairs.end());
  return document;
}

void ItemIndex::add(Document document) {
  const auto index = static_cast<std::uint32_t>(documents_.size());
  for (const auto& count : document.counts) postings_[count.term].push_back({index, count.in});
  if (is_counting_) {
    ++counted_;
    for (const auto& count : document.counts) ++frequency_[count.term];
    for (const auto& [pair, times] : document.title_pairs) ++pair_documents_[pair];
    for (std::size_t field = 0; field < 3; ++field) total_length_[field] += document.length[field];
  }
  documents_.push_back(std::move(document));
}

void ItemIndex::shrink() {
  for (auto& postings : postings_) postings.shrink_to_fit();
  postings_.shrink_to_fit(), documents_.shrink_to_fit(), names_.shrink_to_fit(), frequency_.shrink_to_fit();
}

namespace {

double weighted(const std::array<std::uint16_t, 3>& in, const ItemIndex::Document& document,
                const std::array<double, 3>& average) {
  double sum = 0;
  for (std::size_t field = 0; field < 3; ++field) {
    if (in[field] == 0) continue;
    sum += kFieldWeight[field] * in[field] /
           (1 - kLengthPart[field] + kLengthPart[field] * document.length[field] / average[field]);
  }
  return sum;
}

double asked(const ItemIndex::Document::Count& count) {
  const double times = kFieldWeight[0] * count.in[0] + kFieldWeight[1] * count.in[1] + kFieldWeight[2] * count.in[2];
  return (kQuerySaturation + 1) * times / (kQuerySaturation + times);
}

}  // namespace

std::vector<Candidate> ItemIndex::candidates(const Document& asking, std::size_t most, std::size_t before,
                                             std::span<const std::uint32_t> also) const {
  if (documents_.empty()) return {};
  std::array<double, 3> average{};
  for (std::size_t field = 0; field < 3; ++field)
    average[field] = std::max(1.0, total_length_[field] / std::max(1.0, static_cast<double>(counted_)));
  struct Asked {
    const Document::Count* count;
    double weight;
  };
  std::vector<Asked> terms;
  double self = 0;
  const double common = static_cast<double>(counted_) * kCommonShare;
  for (const auto& count : asking.counts) {
    const double weight = idf(count.term) * asked(count);
    const double own = weighted(count.in, asking, average);
    self += weight * own / (kSaturation + own);
    if (!postings_[count.term].empty() && (counted_ < kSmallCorpus || frequency_[count.term] <= common))
      terms.push_back({&count, weight});
  }
  std::sort(terms.begin(), terms.end(), [this](const Asked& a, const Asked& b) {
    return a.weight != b.weight ? a.weight > b.weight : names_[a.count->term] < names_[b.count->term];
  });
  if (terms.size() > kQueryTerms) terms.resize(kQueryTerms);
  std::vector<double> scores(documents_.size());
  std::vector<std::uint32_t> touched;
  for (const auto& [count, weight] : terms) {
    for (const auto& posting : postings_[count->term]) {
      if (posting.document >= before) break;
      const double times = weighted(posting.in, documents_[posting.document], average);
      if (scores[posting.document] == 0) touched.push_back(posting.document);
      scores[posting.document] += weight * times / (kSaturation + times);
    }
  }
  std::vector<Candidate> result;
  result.reserve(touched.size());
  for (const std::uint32_t index : touched) result.push_back({index, scores[index], {}});
  const auto better = [](const Candidate& a, const Candidate& b) {
    return a.score != b.score ? a.score > b.score : a.document > b.document;
  };
  const std::size_t kept = std::min(most, result.size());
  std::partial_sort(result.begin(), result.begin() + static_cast<std::ptrdiff_t>(kept), result.end(), better);
  result.resize(kept);
  for (const std::uint32_t index : also) {
    const bool is_there =
        std::any_of(result.begin(), result.end(), [index](const Candidate& each) { return each.document == index; });
    if (!is_there && index < documents_.size()) result.push_back({index, scores[index], {}, false});
  }
  for (auto& candidate : result) {
    candidate.signals = signals_of(asking, documents_[candidate.document]);
    candidate.signals[likeness] = self > 0 ? candidate.score / self : 0;
  }
  return result;
}

Signals ItemIndex::signals_of(const Document& asking, const Document& other) const {
  // Cosines over the shared terms of: title, prose, code, names.
  std::array<double, 4> shared{}, first{}, second{};
  const auto parts = [&](const Document::Count& count, double weight) {
    return std::array<double, 4>{counted(count.in[0]) * weight, counted(count.in[1]) * weight,
                                 counted(count.in[2]) * weight, count.is_name ? weight : 0};
  };
  auto a = asking.counts.begin(), b = other.counts.begin();
  while (a != asking.counts.end() || b != other.counts.end()) {
    const bool in_a = a != asking.counts.end() && (b == other.counts.end() || a->term <= b->term);
    const bool in_b = b != other.counts.end() && (a == asking.counts.end() || b->term <= a->term);
    const double weight = idf(in_a ? a->term : b->term);
    const auto x = in_a ? parts(*a, weight) : std::array<double, 4>{};
    const auto y = in_b ? parts(*b, weight) : std::array<double, 4>{};
    for (std::size_t i = 0; i < 4; ++i) {
      shared[i] += x[i] * y[i];
      first[i] += x[i] * x[i];
      second[i] += y[i] * y[i];
    }
    if (in_a) ++a;
    if (in_b) ++b;
  }
  const auto cosine = [](double dot, double x, double y) { return x > 0 && y > 0 ? dot / std::sqrt(x * y) : 0.0; };
  Signals signals{};
  signals[title_words] = cosine(shared[0], first[0], second[0]);
  signals[prose_words] = cosine(shared[1], first[1], second[1]);
  signals[code_words] = cosine(shared[2], first[2], second[2]);
  signals[names] = cosine(shared[3], first[3], second[3]);
  double pairs = 0, pairs_a = 0, pairs_b = 0;
  for (const auto& [pair, times] : asking.title_pairs) {
    const double weight = title_pair_idf(pair);
    pairs_a += weight * weight;
    const auto found = std::lower_bound(other.title_pairs.begin(), other.title_pairs.end(),
                                        std::pair<std::uint64_t, std::uint16_t>(pair, 0));
    if (found != other.title_pairs.end() && found->first == pair) pairs += weight * weight;
  }
  for (const auto& [pair, times] : other.title_pairs) pairs_b += title_pair_idf(pair) * title_pair_idf(pair);
  signals[title_pairs] = cosine(pairs, pairs_a, pairs_b);
  const auto apart = static_cast<double>(std::max<Timestamp>(0, asking.created_at - other.created_at));
  signals[distance] = std::log1p(apart / static_cast<double>(kDay)) / std::log1p(kLongAgoDays);
  signals[same_author] = asking.author != 0 && asking.author == other.author ? 1 : 0;
  return signals;
}

// Counts of a term: once in the prose alone, as most are, in one byte.
void ItemIndex::pack(Packer& packer) const {
  packer.whole(names_.size());
  for (const auto& name : names_) packer.text(name);
  packer.whole(documents_.size());
  packer.whole(counted_);
  for (const auto& document : documents_) {
    packer.signed_whole(document.item_id);
    packer.signed_whole(document.author);
    packer.signed_whole(document.created_at);
    for (const double length : document.length) packer.whole(static_cast<std::uint64_t>(length));
    packer.whole(document.counts.size());
    std::uint32_t last = 0;
    for (const auto& count : document.counts) {
      packer.whole(count.term - last);
      last = count.term;
      const bool once = count.in == std::array<std::uint16_t, 3>{0, 1, 0};
      packer.whole((once ? 2U : 0U) | (count.is_name ? 1U : 0U));
      if (!once)
        for (const auto in : count.in) packer.whole(in);
    }
    packer.whole(document.title_pairs.size());
    for (const auto& [pair, times] : document.title_pairs) {
      packer.whole(pair & 0xFFFFFFFFU);
      packer.whole(pair >> 32U);
      packer.whole(times);
    }
  }
}

ItemIndex ItemIndex::unpack(Unpacker& unpacker) {
  ItemIndex index;
  const std::size_t terms = unpacker.count(1);
  index.numbers_.reserve(terms);
  index.names_.reserve(terms);
  for (std::size_t i = 0; i < terms; ++i) {
    index.names_.emplace_back(unpacker.text());
    index.numbers_.emplace(index.names_.back(), static_cast<std::uint32_t>(i));
  }
  index.postings_.resize(terms);
  index.frequency_.resize(terms);
  const auto term_of = [&](std::uint64_t number) {
    if (number >= terms) throw Error("a kept index names a term that it does not have");
    return static_cast<std::uint32_t>(number);
  };
  const auto small = [](std::uint64_t number) {
    if (number > 0xFFFF) throw Error("a kept index counts a term too often");
    return static_cast<std::uint16_t>(number);
  };
  const std::size_t documents = unpacker.count(1);
  const std::uint64_t counted = unpacker.whole();
  index.documents_.reserve(documents);
  for (std::size_t i = 0; i < documents; ++i) {
    if (i == counted) index.stop_counting();
    Document document;
    document.item_id = unpacker.signed_whole();
    document.author = unpacker.signed_whole();
    document.created_at = unpacker.signed_whole();
    for (double& length : document.length) length = static_cast<double>(unpacker.whole());
    document.counts.resize(unpacker.count(2));
    std::uint64_t term = 0;
    for (auto& count : document.counts) {
      term += unpacker.whole();
      count.term = term_of(term);
      const std::uint64_t flags = unpacker.whole();
      count.is_name = (flags & 1U) != 0;
      if ((flags & 2U) != 0)
        count.in[1] = 1;
      else
        for (auto& in : count.in) in = small(unpacker.whole());
    }
    document.title_pairs.resize(unpacker.count(3));
    for (auto& [pair, times] : document.title_pairs) {
      const std::uint64_t low = term_of(unpacker.whole()), high = term_of(unpacker.whole());
      pair = (high << 32U) | low;
      times = small(unpacker.whole());
    }
    index.add(std::move(document));
  }
  return index;
}

}  // namespace resident::text
