#include <fmt/format.h>

#include <algorithm>
#include <base/error.hpp>
#include <base/progress.hpp>
#include <base/text.hpp>
#include <cstring>
#include <filesystem>
#include <framework/keep_in_store.hpp>
#include <framework/learnt.hpp>
#include <learn/duplicates/meanings.hpp>
#include <learn/duplicates/replay.hpp>
#include <unordered_map>

namespace resident::duplicates {

namespace {

constexpr std::size_t kLongestText = 16000;  // bytes; most_tokens cuts it further
constexpr std::size_t kKeptAtOnce = 200;     // some seconds of work
constexpr std::size_t kFew = 100;            // are looked up one by one

std::string text_of(const text::ItemText& item) {
  return (item.title + "\n" + item.body).substr(0, kLongestText);
}

std::string bytes_of(const text::Meaning& meaning) {
  std::string bytes(meaning.size() * sizeof(std::int16_t), '\0');
  if (!meaning.empty()) std::memcpy(bytes.data(), meaning.data(), bytes.size());
  return bytes;
}

// Nothing where the bytes are none that were kept.
text::Meaning meaning_of(const Value& value) {
  const auto* blob = std::get_if<Blob>(&value);
  if (!blob || blob->bytes.empty() || blob->bytes.size() % sizeof(std::int16_t) != 0) return {};
  text::Meaning meaning(blob->bytes.size() / sizeof(std::int16_t));
  if (meaning.size() > text::kWidestMeaning) return {};
  std::memcpy(meaning.data(), blob->bytes.data(), blob->bytes.size());
  return text::is_unit(meaning) ? meaning : text::Meaning();
}

void keep(const Context& context, std::vector<std::vector<Value>>& rows) {
  if (rows.empty()) return;
  keep_in_store(context.database, [&](Database& database) {
    database.insert({"embedding",
                     {"project_id", "item_id", "model", "text", "vector"},
                     {"project_id", "item_id", "model", "text"},
                     OnConflict::replace},
                    rows);
    return true;
  });
  rows.clear();
}

}  // namespace

std::unique_ptr<Meanings> Meanings::open(const Context& context) {
  if (!context.config.embedding.is_on()) return nullptr;
  return std::unique_ptr<Meanings>(new Meanings(context));
}

Meanings::Meanings(const Context& context) : context_(context), name_(text::Embedder::name_of(rules())) {}

std::string Meanings::told() const {
  return fmt::format(
      " An embedding model took part ({}, {}): the {} issues nearest in meaning were candidates too, and how near they "
      "are was one more signal, its weight learnt like the others'.",
      one_line(std::filesystem::path(rules().model).filename().string()), name_, kNearest);
}

std::vector<text::Meaning> Meanings::of(const std::vector<text::ItemText>& items) const {
  std::vector<text::Meaning> result(items.size());
  std::vector<std::string> hashes;
  std::unordered_map<std::int64_t, std::size_t> places;
  for (std::size_t i = 0; i < items.size(); ++i) {
    hashes.push_back(short_hash(text_of(items[i])));
    places.emplace(items[i].item_id, i);
  }
  const auto take = [&](Rows& rows) {
    while (rows.next())
      if (const auto found = places.find(rows.integer(0)); found != places.end())
        if (rows.text(1) == hashes[found->second]) result[found->second] = meaning_of(rows.value(2));
  };
  const std::string query =
      "SELECT item_id, text, vector FROM embedding WHERE project_id = :project AND model = :model";
  const Parameters which{{"project", context_.project_id}, {"model", name_}};
  if (items.size() > kFew) take(*context_.database.query(query, which));
  for (std::size_t i = 0; i < items.size() && items.size() <= kFew; ++i) {
    Parameters one = which;
    one.emplace_back("item", items[i].item_id);
    take(*context_.database.query(query + " AND item_id = :item", one));
  }
  const auto count_of_other = [&](std::size_t width) {
    return static_cast<std::size_t>(
        std::count_if(result.begin(), result.end(), [&](const auto& each) { return each.size() != width; }));
  };
  if (result.empty() || (!result.front().empty() && count_of_other(result.front().size()) == 0)) return result;
  const auto embedder = text::embedder_of(rules());
  if (embedder->name() != name_)
    throw Error("the embedding model changed while it was used", "run the same command again");
  Progress progress("reading issues with the embedding model", count_of_other(embedder->width()));
  std::vector<std::vector<Value>> rows;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (result[i].size() == embedder->width()) continue;
    result[i] = embedder->embed(text_of(items[i]));
    rows.push_back({context_.project_id, items[i].item_id, name_, hashes[i], Blob{bytes_of(result[i])}});
    if (rows.size() >= kKeptAtOnce) keep(context_, rows);
    progress.advance();
  }
  keep(context_, rows);
  return result;
}

}  // namespace resident::duplicates
