#include <fmt/format.h>

#include <algorithm>
#include <analyses/duplicates/similar.hpp>
#include <analyses/text/tokens.hpp>
#include <base/text.hpp>
#include <cmath>

namespace resident {

namespace {

constexpr double kTitleWeight = 1.0, kBodyWeight = 0.5, kTimeWeight = 0.05;
constexpr std::uint32_t kTitleRepeats = 3;     // the title counts threefold in the whole
constexpr std::uint32_t kWholeRepeats = 1000;  // as often as a word stands there
constexpr std::uint32_t kBodyRepeats = 2;
constexpr std::size_t kLongestBody = 8000;  // bytes; what is beyond is mostly logs
constexpr std::size_t kLongestShownWords = 8;
constexpr std::size_t kPassageBefore = 60, kPassageLength = 240;

// Title words three times, and the body's.
std::vector<std::string> whole_text(const std::vector<std::string>& title, const std::vector<std::string>& body) {
  std::vector<std::string> all;
  all.reserve(title.size() * kTitleRepeats + body.size());
  for (std::uint32_t i = 0; i < kTitleRepeats; ++i) all.insert(all.end(), title.begin(), title.end());
  all.insert(all.end(), body.begin(), body.end());
  return all;
}

// Lower-case letters and digits, nothing more: the usual way.
std::vector<std::string> plain_tokens(std::string_view text) {
  std::vector<std::string> tokens;
  std::string word;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const char c = i < text.size() ? text[i] : ' ';
    const bool is_upper = c >= 'A' && c <= 'Z';
    if (is_upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      word += is_upper ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!word.empty()) {
      tokens.push_back(std::move(word));
      word.clear();
    }
  }
  return tokens;
}

}  // namespace

SimilarItems::SimilarItems(const Context& context, const std::string& kind) {
  Parameters parameters = context.parameters();
  parameters.emplace_back("kind", kind);
  for (const auto rows = context.database.query(
           "SELECT i.item_id, i.number, i.created_at, i.title, i.url, (SELECT count(*) FROM item_interval v WHERE "
           "v.project_id = i.project_id AND v.item_id = i.item_id AND v.opened_at <= :as_of AND (v.closed_at IS NULL "
           "OR "
           "v.closed_at > :as_of)), i.body FROM item i WHERE i.project_id = :project AND i.kind = :kind AND "
           "i.created_at <= :as_of ORDER BY i.created_at, i.item_id",
           parameters);
       rows->next();)
    add({rows->integer(0), rows->integer(1), rows->integer(2), rows->integer(5) > 0, rows->string(3), rows->string(6),
         rows->string(4)});
}

SimilarItems::SimilarItems(std::vector<SimilarSource> sources) {
  for (auto& source : sources) add(std::move(source));
}

void SimilarItems::add(SimilarSource source) {
  if (source.body.size() > kLongestBody) source.body.resize(kLongestBody);
  Document document{std::move(source), {}, {}, {}, {}};
  const auto title = text_tokens(document.title), body = text_tokens(document.body);
  document.whole = words_.count(whole_text(title, body));
  document.title_words = words_.count(title);
  document.body_words = words_.count(body);
  document.plain_words = plain_vocabulary_.count(whole_text(plain_tokens(document.title), plain_tokens(document.body)));
  places_.emplace(document.id, static_cast<std::uint32_t>(documents_.size()));
  whole_.add(document.whole);
  titles_.add(document.title_words);
  bodies_.add(document.body_words);
  plain_.add(document.plain_words);
  documents_.push_back(std::move(document));
}

std::vector<SimilarItem> SimilarItems::rank(const Document& query, std::uint32_t end, std::size_t limit) const {
  std::vector<double> scores(documents_.size());
  std::vector<std::uint32_t> touched;
  whole_.score(query.whole, end, 1 / whole_.scale(query.whole, end, kWholeRepeats), kWholeRepeats, scores, touched);
  titles_.score(query.title_words, end, kTitleWeight / titles_.scale(query.title_words, end, 1), 1, scores, touched);
  bodies_.score(query.body_words, end, kBodyWeight / bodies_.scale(query.body_words, end, kBodyRepeats), kBodyRepeats,
                scores, touched);
  std::vector<std::pair<double, std::uint32_t>> order;
  for (const auto document : touched) {
    const double days =
        std::fabs(static_cast<double>(query.created_at - documents_[document].created_at)) / static_cast<double>(kDay);
    order.emplace_back(scores[document] - kTimeWeight * std::log1p(days / 7), document);
  }
  const auto better = [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first > b.first : a.second > b.second;
  };
  const std::size_t kept = std::min(limit, order.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(kept), order.end(), better);
  std::vector<SimilarItem> found;
  for (std::size_t i = 0; i < kept; ++i) {
    const Document& document = documents_[order[i].second];
    SimilarItem item{document.id,
                     document.number,
                     document.title,
                     document.url,
                     document.created_at,
                     document.is_open,
                     order[i].first,
                     {},
                     {}};
    explain(query, document, item);
    found.push_back(std::move(item));
  }
  return found;
}

// The rarest words that both have, and where they stand in the other.
void SimilarItems::explain(const Document& query, const Document& found, SimilarItem& item) const {
  std::vector<std::pair<double, std::uint32_t>> shared;
  auto theirs = found.whole.begin();
  for (const auto& [word, count] : query.whole) {
    while (theirs != found.whole.end() && theirs->first < word) ++theirs;
    if (theirs != found.whole.end() && theirs->first == word)
      shared.emplace_back(-whole_.idf(word, static_cast<std::uint32_t>(documents_.size())), word);
  }
  std::sort(shared.begin(), shared.end());
  if (shared.size() > kLongestShownWords) shared.resize(kLongestShownWords);
  for (const auto& each : shared) item.shared_words.push_back(words_.word(each.second));
  for (const WordPlace& place : word_places(found.body)) {
    std::vector<std::string> tokens;
    add_word_tokens(std::string_view(found.body).substr(place.begin, place.end - place.begin), tokens);
    const bool is_shared = std::any_of(tokens.begin(), tokens.end(), [&](const auto& token) {
      return std::find(item.shared_words.begin(), item.shared_words.end(), token) != item.shared_words.end();
    });
    if (!is_shared) continue;
    const std::size_t begin = place.begin > kPassageBefore ? place.begin - kPassageBefore : 0;
    item.passage = one_line(clean_text(found.body.substr(begin, kPassageLength)));
    break;
  }
}

std::vector<SimilarItem> SimilarItems::find(std::int64_t item_id, std::size_t limit) const {
  const auto place = places_.find(item_id);
  if (place == places_.end()) return {};
  return rank(documents_[place->second], place->second, limit);
}

std::vector<SimilarItem> SimilarItems::find_text(const std::string& title, const std::string& body,
                                                 std::size_t limit) const {
  const auto title_words = text_tokens(title), body_words = text_tokens(body.substr(0, kLongestBody));
  Document query{};
  query.created_at = documents_.empty() ? 0 : documents_.back().created_at;
  query.whole = words_.count_known(whole_text(title_words, body_words));
  query.title_words = words_.count_known(title_words);
  query.body_words = words_.count_known(body_words);
  return rank(query, static_cast<std::uint32_t>(documents_.size()), limit);
}

std::vector<std::int64_t> SimilarItems::plain(std::int64_t item_id, std::size_t limit) const {
  const auto place = places_.find(item_id);
  if (place == places_.end()) return {};
  std::vector<double> scores(documents_.size());
  std::vector<std::uint32_t> touched;
  plain_.score(documents_[place->second].plain_words, place->second, 1, kWholeRepeats, scores, touched);
  std::sort(touched.begin(), touched.end(),
            [&](auto a, auto b) { return scores[a] != scores[b] ? scores[a] > scores[b] : a < b; });
  std::vector<std::int64_t> numbers;
  for (std::size_t i = 0; i < std::min(limit, touched.size()); ++i) numbers.push_back(documents_[touched[i]].number);
  return numbers;
}

}  // namespace resident
