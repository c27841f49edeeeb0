#include <algorithm>
#include <analyses/duplicates/similar.hpp>
#include <analyses/text/tokens.hpp>
#include <base/text.hpp>

namespace resident {

namespace {

constexpr std::size_t kLongestBody = 16000;  // bytes; what is beyond is mostly logs
constexpr std::size_t kLongestShownWords = 8;
constexpr std::size_t kPassageBefore = 60, kPassageLength = 240;

}  // namespace

SimilarItems::SimilarItems(const Context& context, const std::string& kind)
    : replay_(kind == "issue" ? duplicates::load_known_duplicates(context)
                              : std::vector<duplicates::KnownDuplicate>()) {
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
  replay_.learn_until(context.as_of + 1);
}

SimilarItems::SimilarItems(std::vector<SimilarSource> sources) : replay_({}) {
  for (auto& source : sources) add(std::move(source));
}

void SimilarItems::add(SimilarSource source) {
  if (source.body.size() > kLongestBody) source.body.resize(kLongestBody);
  places_.emplace(source.id, static_cast<std::uint32_t>(sources_.size()));
  replay_.next({source.id, 0, source.created_at, source.title, source.body}, false);
  sources_.push_back(std::move(source));
}

std::vector<SimilarItem> SimilarItems::told(const std::vector<duplicates::Ranked>& ranked,
                                            const text::ItemIndex::Document& asking, std::size_t limit) const {
  std::vector<SimilarItem> found;
  for (const auto& each : ranked) {
    if (found.size() == limit) break;
    const SimilarSource& source = sources_[each.document];
    SimilarItem item;
    item.item_id = source.id;
    item.number = source.number;
    item.title = source.title;
    item.url = source.url;
    item.created_at = source.created_at;
    item.is_open = source.is_open;
    item.score = each.score;
    item.probability = each.probability;
    explain(asking, replay_.index().document(each.document), item);
    found.push_back(std::move(item));
  }
  return found;
}

// The rarest words that both have, and where they stand in the other.
void SimilarItems::explain(const text::ItemIndex::Document& asking, const text::ItemIndex::Document& found,
                           SimilarItem& item) const {
  std::vector<std::pair<double, std::uint32_t>> shared;
  auto theirs = found.counts.begin();
  for (const auto& count : asking.counts) {
    while (theirs != found.counts.end() && theirs->term < count.term) ++theirs;
    if (theirs != found.counts.end() && theirs->term == count.term)
      shared.emplace_back(-replay_.index().idf(count.term), count.term);
  }
  std::sort(shared.begin(), shared.end());
  if (shared.size() > kLongestShownWords) shared.resize(kLongestShownWords);
  for (const auto& each : shared) item.shared_words.emplace_back(replay_.index().term(each.second));
  const std::string& body = sources_[places_.at(item.item_id)].body;
  for (const WordPlace& place : word_places(body)) {
    std::vector<std::string> tokens;
    add_word_tokens(std::string_view(body).substr(place.begin, place.end - place.begin), tokens);
    const bool is_shared = std::any_of(tokens.begin(), tokens.end(), [&](const auto& token) {
      return std::find(item.shared_words.begin(), item.shared_words.end(), token) != item.shared_words.end();
    });
    if (!is_shared) continue;
    const std::size_t begin = place.begin > kPassageBefore ? place.begin - kPassageBefore : 0;
    item.passage = one_line(clean_text(body.substr(begin, kPassageLength)));
    break;
  }
}

std::vector<SimilarItem> SimilarItems::find(std::int64_t item_id, std::size_t limit) const {
  const auto place = places_.find(item_id);
  if (place == places_.end()) return {};
  const auto& document = replay_.index().document(place->second);
  return told(replay_.ask(document, place->second), document, limit);
}

std::vector<SimilarItem> SimilarItems::find_text(const std::string& title, const std::string& body, std::size_t limit) {
  const Timestamp now = sources_.empty() ? 0 : sources_.back().created_at;
  const auto document = replay_.index().read({0, 0, now, title, body.substr(0, kLongestBody)});
  return told(replay_.ask(document, sources_.size()), document, limit);
}

}  // namespace resident
