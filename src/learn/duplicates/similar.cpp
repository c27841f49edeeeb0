#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <learn/duplicates/similar.hpp>
#include <map>
#include <text/tokens.hpp>

namespace resident {

namespace {

using text::ItemIndex;

constexpr std::size_t kLongestBody = 16000;  // bytes; what is beyond is mostly logs
constexpr std::size_t kLongestShownWords = 8;
constexpr std::size_t kPassageBefore = 60, kPassageLength = 240;
constexpr std::size_t kAnswers = 3;      // kept for an issue
constexpr std::string_view kForm = "2";  // of what is kept
constexpr std::string_view kName = "duplicates";

// The rarest words that both have, and where they stand in the other.
// Words as they stand in a text, in place of their stems; those that stand only inside of others as these, each once.
void spell(std::vector<std::string>& stems, const std::string& text) {
  std::map<std::string, std::string> alone, inside;
  for (const WordPlace& place : word_places(text)) {
    const std::string word = text.substr(place.begin, place.end - place.begin);
    std::vector<std::string> tokens;
    add_word_tokens(word, tokens);
    if (tokens.size() == 1)
      alone.emplace(tokens.front(), to_lower(word));
    else
      for (const auto& token : tokens) inside.emplace(token, word);
  }
  std::vector<std::string> words;
  for (const auto& stem : stems) {
    const auto own = alone.find(stem), other = inside.find(stem);
    const std::string& word = own != alone.end() ? own->second : other != inside.end() ? other->second : stem;
    if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  }
  stems = std::move(words);
}

// A piece of a text from about that place on, without the halves of words at its ends.
std::string words_around(const std::string& body, std::size_t begin) {
  const auto is_space = [&](std::size_t at) { return body[at] == ' ' || body[at] == '\n' || body[at] == '\t'; };
  std::size_t from = begin;
  while (from > 0 && from < begin + kPassageBefore && from < body.size() && !is_space(from)) ++from;
  std::size_t to = std::min(body.size(), begin + kPassageLength);
  while (to < body.size() && to > from + kPassageLength / 2 && !is_space(to)) --to;
  const std::string words = one_line(clean_text(body.substr(from, to - from)));
  return (from > 0 ? "… " : "") + std::string(trim(words)) + (to < body.size() ? " …" : "");
}

void explain(const ItemIndex& index, const ItemIndex::Document& asking, const ItemIndex::Document& found,
             const std::string& body, SimilarItem& item) {
  std::vector<std::pair<double, std::string_view>> shared;
  auto theirs = found.counts.begin();
  for (const auto& count : asking.counts) {
    while (theirs != found.counts.end() && theirs->term < count.term) ++theirs;
    if (theirs != found.counts.end() && theirs->term == count.term)
      shared.emplace_back(-index.idf(count.term), index.term(count.term));
  }
  std::sort(shared.begin(), shared.end());
  if (shared.size() > kLongestShownWords) shared.resize(kLongestShownWords);
  for (const auto& each : shared) item.shared_words.emplace_back(each.second);
  for (const WordPlace& place : word_places(body)) {
    std::vector<std::string> tokens;
    add_word_tokens(std::string_view(body).substr(place.begin, place.end - place.begin), tokens);
    const bool is_shared = std::any_of(tokens.begin(), tokens.end(), [&](const auto& token) {
      return std::find(item.shared_words.begin(), item.shared_words.end(), token) != item.shared_words.end();
    });
    if (!is_shared) continue;
    item.passage = words_around(body, place.begin > kPassageBefore ? place.begin - kPassageBefore : 0);
    break;
  }
  spell(item.shared_words, item.title + "\n" + body);
}

SimilarItem told(const SimilarSource& source, const duplicates::Ranked& ranked) {
  SimilarItem item;
  item.item_id = source.id;
  item.number = source.number;
  item.title = source.title;
  item.url = source.url;
  item.created_at = source.created_at;
  item.is_open = source.is_open;
  item.score = ranked.score;
  item.probability = ranked.probability;
  return item;
}

std::string pack(const std::vector<SimilarItem>& items) {
  Packer packer;
  packer.whole(items.size());
  for (const auto& item : items) {
    packer.signed_whole(item.item_id);
    packer.signed_whole(item.number);
    packer.text(item.title);
    packer.text(item.url);
    packer.signed_whole(item.created_at);
    packer.number(item.score);
    packer.number(item.probability);
    packer.whole(item.shared_words.size());
    for (const auto& word : item.shared_words) packer.text(word);
    packer.text(item.passage);
  }
  return packer.take();
}

std::vector<SimilarItem> unpack(std::string_view bytes) {
  Unpacker unpacker(bytes);
  std::vector<SimilarItem> items(unpacker.count(20));
  for (auto& item : items) {
    item.item_id = unpacker.signed_whole();
    item.number = unpacker.signed_whole();
    item.title = unpacker.text();
    item.url = unpacker.text();
    item.created_at = unpacker.signed_whole();
    item.score = unpacker.number();
    item.probability = unpacker.number();
    item.shared_words.resize(unpacker.count(1));
    for (auto& word : item.shared_words) word = unpacker.text();
    item.passage = unpacker.text();
  }
  unpacker.finish();
  return items;
}

}  // namespace

std::string SimilarItem::why(bool with_passage) const {
  if (shared_words.empty()) return "shares no word; near in meaning, says the embedding model";
  const std::string words = fmt::format("shares {}", fmt::join(shared_words, ", "));
  return with_passage ? fmt::format("{}; “{}”", words, one_line(passage)) : words;
}

SimilarItems::SimilarItems(std::vector<SimilarSource> sources, ReadBody read_body)
    : sources_(std::move(sources)), read_body_(std::move(read_body)) {
  for (auto& source : sources_) {
    if (source.body.size() > kLongestBody) source.body.resize(kLongestBody);
    // No duplicates are known among them, so that there is nothing to learn: added, not asked about.
    replay_.add({source.id, 0, source.created_at, source.title, source.body});
    if (read_body_) std::string().swap(source.body);
  }
  replay_.index().shrink();
}

std::vector<SimilarItem> SimilarItems::find_text(const std::string& title, const std::string& body, std::size_t limit) {
  const Timestamp now = sources_.empty() ? 0 : sources_.back().created_at;
  const auto asking = replay_.index().read({0, 0, now, title, body.substr(0, kLongestBody)});
  std::vector<SimilarItem> found;
  for (const auto& each : replay_.ask(asking, sources_.size())) {
    if (found.size() == limit) break;
    found.push_back(told(sources_[each.document], each));
    const SimilarSource& source = sources_[each.document];
    const std::string its = read_body_ ? read_body_(source.id).substr(0, kLongestBody) : source.body;
    explain(replay_.index(), asking, replay_.index().document(each.document), its, found.back());
  }
  return found;
}

SimilarIssues::SimilarIssues(const Context& context)
    : context_(context),
      moment_(learning_moment(context.as_of)),
      answers_(context, std::string(kName)),
      meanings_(duplicates::Meanings::open(context)) {
  const std::int64_t known_issues =
      count_when_learning(context, "item WHERE project_id = :project AND kind = 'issue' AND created_at");
  basis_ = fmt::format("{}: {} issues by {}", kForm, known_issues, format_date(moment_));
  std::size_t by_then = 0;
  for (const auto& known : duplicates::load_known_duplicates(context)) {
    ++duplicate_counts_[known.of];
    by_then += known.known_at < moment_ ? 1 : 0;
  }
  basis_ += fmt::format(", {} marked", by_then);
  if (meanings_) basis_ += ", meaning by " + meanings_->name();
}

std::vector<text::Meaning> SimilarIssues::meanings_of(const std::vector<text::ItemText>& items) const {
  return meanings_ ? meanings_->of(items) : std::vector<text::Meaning>(items.size());
}

duplicates::Replay& SimilarIssues::replay() {
  if (replay_) return *replay_;
  const auto learn = [&] {
    const Context then = when_learning(context_);
    duplicates::Replay learnt(duplicates::read_known_duplicates(then), meanings_ != nullptr);
    const auto items = duplicates::load_item_texts(then);
    const auto meanings = meanings_of(items);
    Progress progress("learning from issues", items.size());
    for (std::size_t i = 0; i < items.size(); ++i) {
      learnt.next(items[i], false, meanings[i]);
      progress.advance();
    }
    learnt.settle(moment_);
    return learnt;
  };
  replay_ = std::make_unique<duplicates::Replay>(
      kept_or_made(context_, kName, basis_, duplicates::Replay::unpack, learn,
                   [](const duplicates::Replay& learnt) { return learnt.pack(); }));
  const auto later = duplicates::load_item_texts(context_, moment_);
  const auto meanings = meanings_of(later);
  for (std::size_t i = 0; i < later.size(); ++i) replay_->add(later[i], meanings[i]);
  for (std::size_t i = 0; i < replay_->index().size(); ++i) places_.emplace(replay_->index().document(i).item_id, i);
  return *replay_;
}

std::vector<SimilarItem> SimilarIssues::find(std::int64_t item_id, const std::string& title, const std::string& body) {
  const std::string basis = fmt::format("{}; {}", basis_, short_hash(title + '\n' + body));
  if (const auto* known = answers_.find(item_id, basis)) try {
      return unpack(*known);
    } catch (const Error&) {
      // It is found anew.
    }
  auto& index = replay().index();
  const auto place = places_.find(item_id);
  if (place == places_.end()) return {};
  const auto& before = index.document(place->second);
  const text::ItemText asked{item_id, before.author, before.created_at, title, body.substr(0, kLongestBody)};
  const auto asking = index.read(asked);
  std::vector<SimilarItem> found;
  for (const auto& each : replay_->ask(asking, place->second, meanings_of({asked}).front())) {
    if (found.size() == kAnswers) break;
    const auto& document = index.document(each.document);
    const auto row = context_.database.query(
        "SELECT number, title, url, created_at, body FROM item WHERE project_id = :project AND item_id = :item",
        {{"project", context_.project_id}, {"item", document.item_id}});
    if (!row->next()) continue;
    found.push_back(
        told({document.item_id, row->integer(0), row->integer(3), false, row->string(1), {}, row->string(2)}, each));
    explain(index, asking, document, row->string(4).substr(0, kLongestBody), found.back());
  }
  answers_.keep(item_id, basis, pack(found));
  return found;
}

}  // namespace resident
